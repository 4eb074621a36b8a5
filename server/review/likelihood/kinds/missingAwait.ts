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

/** Methods that give nothing to wait for, or take what comes later themselves. */
const NOTHING_TO_AWAIT = /^(?:then|catch|finally|forEach|push|log|warn|setTimeout|setInterval)$/;

/** Names that are known to return what is to be awaited. */
const ASYNC_NAMES = /Async$|^(?:fetch|sleep|arrayBuffer|readFile|writeFile)$/;

/** The call is much likelier with `await` before it. */
export const missingAwait: EditKind = {
  rule,
  propose(code) {
    const known = asyncCalls(code);
    return code.reading.calls
      .filter((call) => canAwait(code, call) && code.isReviewed(call.callee))
      .map((call) => {
        const isKnown = known.names.has(call.name) || ASYNC_NAMES.test(call.name);
        const callee = code.textOf(call.callee);
        const sure = (known.callees.get(callee) ?? 0) > 0 || ASYNC_NAMES.test(call.name);
        return {
          rule,
          start: call.callee.start,
          end: call.callee.end,
          site: call.start,
          changes: [{ start: call.start, end: call.start, text: "await " }],
          prior: isKnown ? 1 : UNKNOWN,
          written: call.name === "" ? short(callee) : call.name,
          alternative: `await ${short(callee)}`,
          facts: {
            evidence: sure ? 1 : isKnown ? 0.5 : 0,
            writtenUses: (known.bare.get(callee) ?? 1) - 1,
            alternativeUses: known.callees.get(callee) ?? 0,
          },
        };
      });
  },
  message: ({ written, facts }) =>
    (facts.evidence ?? 0) > 0
      ? `\`${written}\` is awaited elsewhere, or async, but not here: is an \`await\` missing?`
      : `\`${written}\` is likely to be awaited here: is an \`await\` missing?`,
};

interface AsyncCalls {
  /** Names of calls that are awaited somewhere in the file, and of functions declared async. */
  readonly names: ReadonlySet<string>;
  /** How often each callee is awaited, or so declared; and how often it is called without. */
  readonly callees: ReadonlyMap<string, number>;
  readonly bare: ReadonlyMap<string, number>;
}

function asyncCalls(code: CodeView): AsyncCalls {
  const names = new Set<string>();
  const callees = new Map<string, number>();
  const bare = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for (const call of code.reading.calls) {
    if (call.awaited) names.add(call.name);
    count(call.awaited ? callees : bare, code.textOf(call.callee));
  }
  for (const { isAsync, name, kind } of code.reading.units) {
    if (!isAsync) continue;
    names.add(name);
    const owners = kind === "method" ? ["this.", "self."] : [""];
    for (const owner of owners) count(callees, owner + name);
  }
  names.delete("");
  return { names, callees, bare };
}

function canAwait(code: CodeView, call: Call): boolean {
  if (call.awaited || code.functionAt(call.start)?.isAsync !== true) return false;
  if (NOTHING_TO_AWAIT.test(call.name)) return false;
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
