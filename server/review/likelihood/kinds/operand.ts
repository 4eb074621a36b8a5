import type { Span } from "../../../syntax/reading.ts";
import { contains, type CodeView } from "../codeView.ts";

const BRACKETS: Readonly<Record<string, number>> = {
  "(": 1,
  "[": 1,
  "{": 1,
  ")": -1,
  "]": -1,
  "}": -1,
};

/** Whether code is a name, member, call or element that a negation can stand before without brackets. */
export function isPlainOperand(code: CodeView, span: Span): boolean {
  const text = code.textOf(span);
  if (!/^(?:await\s+)?[\p{L}_$]/u.test(text)) return false;
  if (/^(?:typeof|new|void|delete|not|lambda|function|async|class|yield)\b/.test(text))
    return false;
  if (/^(?:true|false|True|False|null|None|undefined)$/.test(text)) return false;
  return !code.reading.operators.some(
    (operator) =>
      contains(span, operator) && depth(code.text.slice(span.start, operator.start)) === 0,
  );
}

function depth(text: string): number {
  let open = 0;
  for (const character of text) open += BRACKETS[character] ?? 0;
  return open;
}
