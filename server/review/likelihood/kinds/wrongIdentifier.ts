import type { Name } from "../../../syntax/reading.ts";
import { contains, isUse, type CodeView } from "../codeView.ts";
import type { EditKind, Proposal } from "../proposal.ts";
import type { VisibleName } from "../visibleNames.ts";
import { statementAround } from "./statementAround.ts";

/** Alternatives of one site that are handed to the model; it looks at each one's first token for nothing. */
const MOST_ALTERNATIVES = 16;

/** Names with a meaning of their own, which nobody confuses with a variable. */
const FIXED = new Set([
  "self",
  "cls",
  "this",
  "super",
  "arguments",
  "undefined",
  "NaN",
  "_",
  "new",
]);

/** Nats for a name of another kind, of the file rather than the function, and for an assignment's target. */
const OTHER_KIND = -2;
const OUTER = -0.7;
const ASSIGNED = -1;
const NEVER_CALLED = -1.5;

/** Another name in scope is much likelier than the one written. */
export const wrongIdentifier: EditKind = {
  rule: "starcoder/wrong-identifier",
  propose: (code) =>
    code.reading.names
      .filter((name) => isUse(name) && code.isReviewed(name))
      .flatMap((name) => otherNames(code, name)),
  message(proposal, code) {
    const { written, alternative, facts } = proposal;
    const meant = `did you mean \`${alternative}\`?`;
    if (facts.alternativeUnused === 1) {
      const where = facts.repeated === 1 ? "is used twice here" : "is used here";
      return `\`${written}\` ${where} and \`${alternative}\` nowhere: ${meant}`;
    }
    if (facts.repeated === 1) {
      return `\`${written}\` stands here twice and \`${alternative}\` not at all: ${meant}`;
    }
    const unit = code.unitAt(proposal.start)?.name ?? "";
    return unit === ""
      ? `\`${written}\` is unlikely here: ${meant}`
      : `\`${written}\` is unlikely here in \`${unit}\`: ${meant}`;
  },
};

/** Proposals to use another visible name instead of this one, the best first. */
export function otherNames(code: CodeView, name: Name): Proposal[] {
  if (FIXED.has(name.text)) return [];
  const visible = code.visibleAt(name.start);
  const written = visible.find(({ text }) => text === name.text);
  const statement = statementAround(code, name);
  const statementText = code.textOf(statement);
  const proposals: { readonly proposal: Proposal; readonly distance: number }[] = [];
  for (const other of visible) {
    if (other.text === name.text || FIXED.has(other.text)) continue;
    if (!fits(name, other) || isInitialised(code, other, name)) continue;
    const sameKind = written === undefined ? isValue(other) : isValue(other) === isValue(written);
    const unit = code.unitAt(name.start);
    const inUnit = unit !== undefined && contains(unit, { start: other.at, end: other.at });
    const uses = elsewhere(code, other.text, name, unit);
    const writtenUses = elsewhere(code, name.text, name, unit);
    const isLocal = (local: VisibleName | undefined): boolean =>
      local !== undefined && unit !== undefined && unit.start <= local.at && local.at < unit.end;
    const proposal: Proposal = {
      rule: "starcoder/wrong-identifier",
      start: name.start,
      end: name.end,
      site: name.start,
      changes: [{ start: name.start, end: name.end, text: other.text }],
      prior:
        (sameKind ? 0 : OTHER_KIND) +
        (inUnit ? 0 : OUTER) +
        (name.role === "write" ? ASSIGNED : unfitness(code, name, other)),
      written: name.text,
      alternative: other.text,
      facts: {
        alternativeUnused: Number(isValue(other) && isLocal(other) && uses === 0),
        leavesUnused: Number(isLocal(written) && writtenUses === 0),
        writtenUses,
        alternativeUses: uses,
        repeated: Number(
          timesIn(statementText, name.text) > 1 && timesIn(statementText, other.text) === 0,
        ),
        sameKind: Number(sameKind),
      },
      declaredAt: { start: other.at, end: other.at + other.text.length },
    };
    proposals.push({ proposal, distance: Math.abs(name.start - other.at) });
  }
  return proposals
    .sort((a, b) => b.proposal.prior - a.proposal.prior || a.distance - b.distance)
    .slice(0, MOST_ALTERNATIVES)
    .map(({ proposal }) => proposal);
}

/** Whether a name can stand where another one does; a value of the function might be callable. */
function fits({ role }: Name, { kind }: VisibleName): boolean {
  return role !== "write" || kind === "variable" || kind === "parameter";
}

/** Nats for calling what nothing else calls. */
function unfitness(code: CodeView, { role }: Name, other: VisibleName): number {
  if (role !== "call" || other.kind === "function" || other.kind === "class") return 0;
  return code.usesOf(other.text).some((use) => use.role === "call") ? 0 : NEVER_CALLED;
}

function isValue({ kind }: VisibleName): boolean {
  return kind === "parameter" || kind === "variable" || kind === "constant";
}

/** Whether the place lies in what the other name is initialised with, where it cannot be read yet. */
function isInitialised(code: CodeView, other: VisibleName, place: Name): boolean {
  if (other.at > place.start || place.start - other.at > 400) return false;
  const between = code.text.slice(other.at + other.text.length, place.start);
  return /^\s*(?::[^=;\n]+)?=(?![=>])[^;\n]*$/.test(between) && !/=>|\bfunction\b/.test(between);
}

/** How often a name is used in a function, other than at a place. */
function elsewhere(
  code: CodeView,
  text: string,
  place: Name,
  unit: { readonly start: number; readonly end: number } | undefined,
): number {
  return code
    .usesOf(text)
    .filter((use) => use.start !== place.start && (unit === undefined || contains(unit, use)))
    .length;
}

function timesIn(text: string, name: string): number {
  let times = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const before = text.charAt(at - 1);
    if (!/[\w$.]/.test(before) && !/[\w$]/.test(text.charAt(at + name.length))) times += 1;
  }
  return times;
}
