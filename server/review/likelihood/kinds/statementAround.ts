import type { Span } from "../../../syntax/reading.ts";
import { lineEnd, lineStart } from "../../../text/lines.ts";
import { contains, type CodeView } from "../codeView.ts";

/** What belongs closely to a place: the smallest call around it with several arguments, else its line. */
export function statementAround(code: CodeView, place: Span): Span {
  const around = code.reading.calls.filter(
    (call) => contains(call, place) && !contains(call.callee, place) && call.arguments.length > 1,
  );
  const line = { start: lineStart(code.text, place.start), end: lineEnd(code.text, place.end) };
  return around.reduce((best, call) => (contains(best, call) ? call : best), line);
}
