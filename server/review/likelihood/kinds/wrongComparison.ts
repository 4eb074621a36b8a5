import type { EditKind } from "../proposal.ts";
import { replaceToken, unlikelyHere } from "./replaceToken.ts";

const rule = "starcoder/wrong-comparison";

const CONFUSIONS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">", ">="],
  "<=": ["<", ">=", ">"],
  ">": [">=", "<", "<="],
  ">=": [">", "<=", "<"],
  "==": ["!="],
  "!=": ["=="],
  "===": ["!=="],
  "!==": ["==="],
  is: ["is not"],
  "is not": ["is"],
  in: ["not in"],
  "not in": ["in"],
};

/** Another comparison is much likelier. */
export const wrongComparison: EditKind = {
  rule,
  propose: (code) =>
    code.reading.operators
      .filter((operator) => operator.kind === "comparison" && code.isReviewed(operator))
      .flatMap((operator) =>
        (confusionsOf(operator.text, code.languageId) ?? []).map((text) =>
          replaceToken(code, rule, operator, text),
        ),
      ),
  message: unlikelyHere,
};

function confusionsOf(text: string, languageId: string): readonly string[] | undefined {
  // Only Python can say `not in`; elsewhere `in` also heads loops.
  if (text === "in" && languageId !== "python") return undefined;
  return Object.hasOwn(CONFUSIONS, text) ? CONFUSIONS[text] : undefined;
}
