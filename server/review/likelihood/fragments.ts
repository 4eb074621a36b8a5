import type { CodeView } from "./codeView.ts";
import type { Proposal } from "./proposal.ts";

/** How often code like that around a change occurs elsewhere in the file. */
export interface Fragments {
  /** With the token before and the token behind. */
  readonly written: number;
  readonly edited: number;
  /** With two more tokens before. */
  readonly writtenWide: number;
  readonly editedWide: number;
}

const MOST_COUNTED = 9;
const REACH = 80;

/** Counts what a change replaces, and what it puts there, in the rest of the file. */
export function fragmentsOf(code: CodeView, { changes }: Proposal): Fragments {
  const start = changes[0]?.start ?? 0;
  const end = changes.at(-1)?.end ?? start;
  const { text } = code;
  const before = text.slice(Math.max(0, start - REACH), start);
  const behind =
    /^\s*(?:[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$])/u.exec(text.slice(end, end + REACH))?.[0] ?? "";
  const near = /(?:[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$])\s*$/u.exec(before)?.[0] ?? "";
  const wide = /(?:(?:[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$])[^\S\n]*){1,3}$/u.exec(before)?.[0] ?? near;
  const written = text.slice(start, end);
  let edited = "";
  let at = start;
  for (const change of changes) {
    edited += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  const count = (fragment: string, own: number): number =>
    Math.max(0, timesIn(text, fragment) - own);
  return {
    written: count(near + written + behind, 1),
    edited: count(near + edited + behind, 0),
    writtenWide: count(wide + written + behind, 1),
    editedWide: count(wide + edited + behind, 0),
  };
}

function timesIn(text: string, fragment: string): number {
  let times = 0;
  for (let at = text.indexOf(fragment); at >= 0 && times < MOST_COUNTED; times += 1) {
    at = text.indexOf(fragment, at + 1);
  }
  return times;
}
