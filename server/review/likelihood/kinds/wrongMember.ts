import type { Member } from "../../../syntax/reading.ts";
import type { CodeView } from "../codeView.ts";
import type { EditKind, Proposal } from "../proposal.ts";

const MOST_ALTERNATIVES = 20;

/** Nats for a member that is only the usual counterpart of the one written, not seen on this object. */
const COUNTERPART = -0.5;

/** Members that come in pairs and are taken for one another. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["start", "end"],
  ["first", "last"],
  ["min", "max"],
  ["left", "right"],
  ["top", "bottom"],
  ["width", "height"],
  ["x", "y"],
  ["row", "column"],
  ["line", "column"],
  ["key", "value"],
  ["keys", "values"],
  ["next", "previous"],
  ["prev", "next"],
  ["source", "target"],
  ["from", "to"],
  ["before", "after"],
  ["parent", "child"],
  ["push", "unshift"],
  ["pop", "shift"],
  ["push", "pop"],
  ["some", "every"],
  ["indexOf", "lastIndexOf"],
  ["startsWith", "endsWith"],
  ["startswith", "endswith"],
  ["add", "delete"],
  ["add", "remove"],
  ["append", "extend"],
  ["get", "set"],
  ["has", "get"],
  ["floor", "ceil"],
  ["slice", "splice"],
  ["map", "forEach"],
  ["map", "filter"],
  ["find", "filter"],
  ["resolve", "reject"],
  ["open", "close"],
  ["lower", "upper"],
  ["toLowerCase", "toUpperCase"],
  ["strip", "split"],
  ["lstrip", "rstrip"],
  ["read", "write"],
  ["encode", "decode"],
];

const counterparts = new Map<string, string[]>();
for (const [a, b] of PAIRS) {
  counterparts.set(a, [...(counterparts.get(a) ?? []), b]);
  counterparts.set(b, [...(counterparts.get(b) ?? []), a]);
}

/** Another member of the same object is much likelier. */
export const wrongMember: EditKind = {
  rule: "starcoder/wrong-member",
  propose: (code) =>
    code.reading.members
      .filter((member) => code.isReviewed(member.property))
      .flatMap((member) => otherMembers(code, member)),
  message: ({ written, alternative, start }, code) => {
    const object = code.reading.members.find(({ property }) => property.start === start)?.object;
    const name = object === undefined ? "" : code.textOf(object);
    const owner = /^[\w$.]{1,30}$/.test(name) ? ` of \`${name}\`` : "";
    return `\`${written}\`${owner} is unlikely here: did you mean \`${alternative}\`?`;
  },
};

/** Proposals to use another member of the same object. */
export function otherMembers(code: CodeView, member: Member): Proposal[] {
  const { property } = member;
  const object = code.textOf(member.object);
  const seen = new Map<string, number>();
  for (const other of code.reading.members) {
    if (other.called !== member.called || code.textOf(other.object) !== object) continue;
    seen.set(other.property.text, (seen.get(other.property.text) ?? 0) + 1);
  }
  const names = new Map([...seen.keys()].map((name) => [name, 0]));
  for (const name of counterparts.get(property.text) ?? []) {
    if (!names.has(name)) names.set(name, COUNTERPART);
  }
  if (object === "this" || object === "self") {
    for (const name of declaredMembers(code, member)) if (!names.has(name)) names.set(name, 0);
  }
  names.delete(property.text);
  const nearest = nearestUses(code, object, property.start);
  const distance = (name: string): number => nearest.get(name) ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...names].sort(([a], [b]) => distance(a) - distance(b));
  return sorted.slice(0, MOST_ALTERNATIVES).map(([text, prior]) => ({
    rule: "starcoder/wrong-member" as const,
    start: property.start,
    end: property.end,
    site: property.start,
    changes: [{ start: property.start, end: property.end, text }],
    prior,
    written: property.text,
    alternative: text,
    facts: {
      writtenUses: (seen.get(property.text) ?? 1) - 1,
      alternativeUses: seen.get(text) ?? 0,
      alternativeUnused: 0,
      sameKind: Number(seen.has(text)),
    },
  }));
}

/** How far away each member of an object is used nearest. */
function nearestUses(code: CodeView, object: string, offset: number): ReadonlyMap<string, number> {
  const nearest = new Map<string, number>();
  for (const { object: other, property } of code.reading.members) {
    if (code.textOf(other) !== object) continue;
    const distance = Math.abs(property.start - offset);
    if (distance < (nearest.get(property.text) ?? Infinity)) nearest.set(property.text, distance);
  }
  return nearest;
}

/** Methods, where one is called, or else fields of the class around a member access. */
function declaredMembers(code: CodeView, member: Member): string[] {
  const { units } = code.reading;
  const inner = units.findLast(
    ({ kind, start, end }) => kind === "class" && start <= member.start && member.end <= end,
  );
  if (inner === undefined) return [];
  const kind = member.called ? "method" : "field";
  return units
    .filter((unit) => unit.kind === kind && units[unit.parent] === inner)
    .map(({ name }) => name)
    .filter((name) => /^[\p{L}_$][\w$]*$/u.test(name) && name !== "constructor");
}
