/** So often the same lines, or the same characters, in a row are no code any more. */
const roundsOfOne = 5;
const roundsOfMany = 3;
const longestPeriod = 12;
const longestUnit = 40;
const roundsOfCharacters = 16;

/**
 * Where the second round of an endless repetition starts, when the text ends in one; undefined where
 * it does not. Laxer than what ends a suggestion: tests and tables repeat themselves.
 */
export function endlessFrom(text: string): number | undefined {
  return ofLines(text) ?? ofCharacters(text);
}

function ofLines(text: string): number | undefined {
  const lines = text.split("\n");
  lines.pop();
  const trimmed = lines.map((line) => line.trim());
  for (let period = 1; period <= longestPeriod; period++) {
    const rounds = period === 1 ? roundsOfOne : roundsOfMany;
    const first = trimmed.length - period * rounds;
    if (first < 0) break;
    const round = trimmed.slice(first, first + period);
    if (!round.some((line) => /[\p{L}\p{N}]/u.test(line))) continue;
    if (!trimmed.slice(first).every((line, index) => line === round[index % period])) continue;
    return lines.slice(0, first + period).join("\n").length + 1;
  }
  return undefined;
}

function ofCharacters(text: string): number | undefined {
  for (let unit = 1; unit <= longestUnit; unit++) {
    const length = unit * roundsOfCharacters * (unit === 1 ? 8 : 1);
    if (length > text.length) break;
    const piece = text.slice(-unit);
    if (piece.trim() === "" && unit < longestUnit) continue;
    let start = text.length - unit;
    while (start >= unit && text.slice(start - unit, start) === piece) start -= unit;
    if (text.length - start >= length) return start + unit;
  }
  return undefined;
}
