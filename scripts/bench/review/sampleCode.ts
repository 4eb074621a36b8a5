/** Bodies of functions of ten lines, each numbered so that no two files hold the same code. */
const bodies: readonly ((id: number) => string)[] = [
  (id) => `export function totalOf${id}(orders: readonly Order[], taxRate: number): number {
  let total = 0;
  for (const order of orders) {
    if (order.cancelled) continue;
    const price = order.price * order.quantity;
    total += price - order.discount;
  }
  const tax = total * taxRate;
  return total + tax + ${id % 9};
}`,
  (id) => `export function rangesIn${id}(lines: readonly string[], limit: number): Range[] {
  const ranges: Range[] = [];
  let start = -1;
  for (let index = 0; index < lines.length && ranges.length < limit; index += 1) {
    const isBlank = lines[index]?.trim() === "";
    if (!isBlank && start < 0) start = index;
    if (isBlank && start >= 0) ranges.push({ start, end: index });
    if (isBlank) start = -1;
  }
  return start < 0 ? ranges : [...ranges, { start, end: lines.length + ${id % 3} }];
}`,
  (id) => `export async function loadUser${id}(store: Store, name: string): Promise<User> {
  const cached = store.users.get(name);
  if (cached !== undefined && !cached.expired) {
    return cached;
  }
  const user = await store.fetch(name, ${id % 7});
  user.lastSeen = store.now();
  store.users.set(name, user);
  store.log(\`loaded \${name}\`);
  return user;
}`,
];

/** How long each body is, with the blank line behind it. */
const bodyLines = 11;

/** A module of about so many lines; the same number never gives the same text for another `seed`. */
export function moduleOf(lines: number, seed: number): string {
  const count = Math.ceil(lines / bodyLines);
  return Array.from({ length: count }, (_, index) => {
    const id = seed * 100_000 + index;
    return `${bodies[id % bodies.length]?.(id) ?? ""}\n`;
  }).join("\n");
}

/** Mistakes that a function of thirty lines can hold, from its top to its end. */
const mistakes: readonly (readonly [right: string, wrong: string])[] = [
  ["      dropped += 1;", "      dropped -= 1;"],
  ["if (current === undefined) {", "if (current !== undefined) {"],
  ["Math.max(current.end, next.end)", "Math.max(current.end, current.end)"],
  ["      merged.push(current);\n", "      merged.push(merged);\n"],
  ["  return merged;\n}\n", "  merged;\n}\n"],
];

/** One function of thirty lines with one mistake, another with each seed. */
export function faultyFunction(seed: number): string {
  const [right, wrong] = mistakes[seed % mistakes.length] ?? ["", ""];
  return thirtyLines(seed).replace(right, wrong);
}

function thirtyLines(seed: number): string {
  return `/** Joins intervals that touch; the list is sorted by start. */
export function mergeIntervals${seed}(intervals: readonly Interval[], gap: number): Interval[] {
  const merged: Interval[] = [];
  let current: Interval | undefined;
  let dropped = 0;
  if (intervals.length === 0) {
    return merged;
  }
  for (let index = 0; index < intervals.length; index += 1) {
    const next = intervals[index];
    if (next.end < next.start) {
      dropped += 1;
      continue;
    }
    if (current === undefined) {
      current = { start: next.start, end: next.end };
      continue;
    }
    if (next.start <= current.end + gap) {
      current.end = Math.max(current.end, next.end);
    } else {
      merged.push(current);
      current = { start: next.start, end: next.end };
    }
  }
  if (current !== undefined) merged.push(current);
  if (dropped > 0) console.warn("dropped intervals", dropped);
  return merged;
}
`;
}
