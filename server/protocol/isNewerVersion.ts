/**
 * Whether a version of the product is newer than another: numbers compared one by one, a release
 * newer than what came before it (`1.2.0` than `1.2.0-rc.1`). What is no version is never newer, nor
 * is a version newer than that.
 */
export function isNewerVersion(version: string, than: string): boolean {
  const [a, b] = [partsOf(version), partsOf(than)];
  if (a === undefined || b === undefined) return false;
  for (const [index, part] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0;
    if (part !== other) return part > other;
  }
  if (a.before === undefined || b.before === undefined) {
    return a.before === undefined && b.before !== undefined;
  }
  return a.before.localeCompare(b.before, "en", { numeric: true }) > 0;
}

function partsOf(version: string): { numbers: number[]; before: string | undefined } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+.*)?$/.exec(version);
  if (match === null) return undefined;
  return { numbers: match.slice(1, 4).map(Number), before: match[4] };
}
