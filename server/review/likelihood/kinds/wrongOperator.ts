import type { Operator } from "../../../syntax/reading.ts";
import { contains, type CodeView } from "../codeView.ts";
import type { EditKind } from "../proposal.ts";
import { replaceToken, unlikelyHere } from "./replaceToken.ts";

const rule = "starcoder/wrong-operator";

const CONFUSIONS: Readonly<Record<string, readonly string[]>> = {
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  and: ["or"],
  or: ["and"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/", "+"],
  "/": ["*"],
  "//": ["/", "%"],
  "%": ["/"],
  "&": ["|"],
  "|": ["&"],
  "<<": [">>"],
  ">>": ["<<"],
  ">>>": ["<<"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "/=": ["*="],
  "|=": ["&="],
  "&=": ["|="],
  "<<=": [">>="],
  ">>=": ["<<="],
  "++": ["--"],
  "--": ["++"],
};

/** Another operator is much likelier. */
export const wrongOperator: EditKind = {
  rule,
  propose: (code) =>
    code.reading.operators
      .filter((operator) => canDiffer(operator, code) && code.isReviewed(operator))
      .flatMap((operator) =>
        (Object.hasOwn(CONFUSIONS, operator.text) ? (CONFUSIONS[operator.text] ?? []) : []).map(
          (text) => replaceToken(code, rule, operator, text),
        ),
      ),
  message: unlikelyHere,
};

function canDiffer(operator: Operator, code: CodeView): boolean {
  if (operator.kind === "comparison" || operator.kind === "not") return false;
  const isPrefix = operator.left === undefined;
  if (isPrefix && operator.kind !== "update") return false;
  // Texts can be joined but not subtracted.
  if (operator.text !== "+" && operator.text !== "+=") return true;
  const operands = [operator.left, operator.right].filter((span) => span !== undefined);
  return !code.reading.literals.some(
    (literal) =>
      literal.kind === "string" && operands.some((operand) => contains(operand, literal)),
  );
}
