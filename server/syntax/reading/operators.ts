import type { Operator } from "../reading.ts";
import { isComment, spanOf, type PlainNode } from "./plainTree.ts";
import type { Survey } from "./survey.ts";

const KINDS: Readonly<Record<Operator["kind"], string>> = {
  comparison: "== != === !== < <= > >= <> <=> =~ !~ is is_not in not_in instanceof",
  logical: "&& || ?? and or xor",
  arithmetic: "+ - * / % ** // @ .",
  bitwise: "& | ^ << >> >>> ~ &^",
  not: "! not",
  assignment: "+= -= *= /= %= **= //= @= .= &= |= ^= <<= >>= >>>= &^= &&= ||= ??=",
  update: "++ --",
};

const KIND_OF = new Map(
  Object.entries(KINDS).flatMap(([kind, tokens]) =>
    tokens.split(" ").map((token) => [token.replace("_", " "), kind as Operator["kind"]] as const),
  ),
);

/** Others in this place are no operators of that kind, such as `&` and `*` before a pointer. */
const PREFIX = new Set(["-", "+", "!", "not", "~", "^", "++", "--"]);

/** Lists operators by their tokens, with the operands next to them. */
export function collectOperators(survey: Survey): readonly Operator[] {
  const { ofTypes, table } = survey;
  const found: Operator[] = [];
  for (const node of ofTypes(table.operators)) {
    if (survey.inType(node)) continue;
    for (const token of node.children) {
      if (token.named || survey.broken(token)) continue;
      const kind = KIND_OF.get(token.type);
      const beside = operands(node, token);
      if (kind === undefined || (beside.left === undefined && !PREFIX.has(token.type))) continue;
      found.push({ ...spanOf(token), text: token.type, kind, ...beside });
    }
  }
  // Operands come before operators of nodes around them.
  return found.sort((a, b) => a.start - b.start);
}

function operands(node: PlainNode, token: PlainNode): Pick<Operator, "left" | "right"> {
  const before = node.children.slice(0, token.position).findLast(isOperand);
  const after = node.children.slice(token.position + 1).find(isOperand);
  return {
    ...(before === undefined ? {} : { left: spanOf(before) }),
    ...(after === undefined ? {} : { right: spanOf(after) }),
  };
}

function isOperand(node: PlainNode): boolean {
  return node.named && !isComment(node);
}
