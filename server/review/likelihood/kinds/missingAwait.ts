import type { Call } from "../../../syntax/reading.ts";
import { contains, type CodeView } from "../codeView.ts";
import type { EditKind } from "../proposal.ts";
import { short } from "./replaceToken.ts";

const rule = "starcoder/missing-await";

/** Nats for a callee of which nothing tells that it must be awaited. */
const UNKNOWN = -2;

/** Callers that take what is to be awaited. */
const TAKES_PROMISES =
  /^(?:all|allSettled|race|any|gather|wait|wait_for|create_task|ensure_future|run|resolve|push|append|add)$/;

/** Names that are known to return what is to be awaited. */
const ASYNC_NAMES = /Async$|^(?:fetch|sleep|arrayBuffer|readFile|writeFile)$/;

/** The call is much likelier with `await` before it. */
export const missingAwait: EditKind = {
  rule,
  propose(code) {
    const known = asyncNames(code);
    return code.reading.calls
      .filter((call) => canAwait(code, call) && code.isReviewed(call.callee))
      .map((call) => {
        const evidence = known.has(call.name) || ASYNC_NAMES.test(call.name);
        return {
          rule,
          start: call.callee.start,
          end: call.callee.end,
          site: call.start,
          changes: [{ start: call.start, end: call.start, text: "await " }],
          prior: evidence ? 1 : UNKNOWN,
          written: call.name === "" ? short(code.textOf(call.callee)) : call.name,
          alternative: `await ${short(code.textOf(call.callee))}`,
          facts: { evidence: Number(evidence) },
        };
      });
  },
  message: ({ written, facts }) =>
    facts.evidence === 1
      ? `\`${written}\` is awaited elsewhere, or async, but not here: is an \`await\` missing?`
      : `\`${written}\` is likely to be awaited here: is an \`await\` missing?`,
};

/** Names of calls that are awaited somewhere in the file, and of functions declared async. */
function asyncNames(code: CodeView): ReadonlySet<string> {
  const names = new Set<string>();
  for (const call of code.reading.calls) if (call.awaited) names.add(call.name);
  for (const unit of code.reading.units) if (unit.isAsync) names.add(unit.name);
  names.delete("");
  return names;
}

function canAwait(code: CodeView, call: Call): boolean {
  if (call.awaited || code.functionAt(call.start)?.isAsync !== true) return false;
  const before = code.text.slice(Math.max(0, call.start - 20), call.start);
  if (/(?:\b(?:return|void|new|yield|await|async|super|raise)\s+|=>\s*|@)$/.test(before))
    return false;
  // What follows belongs to the promise, or would need brackets.
  const behind = code.text.slice(call.end, call.end + 80);
  if (/^(?:\s*[?!]?\.|[^\S\n]*[[(])/.test(behind)) return false;
  return !code.reading.calls.some(
    (outer) =>
      outer !== call &&
      outer.arguments.some((argument) => contains(argument, call)) &&
      TAKES_PROMISES.test(outer.name),
  );
}
