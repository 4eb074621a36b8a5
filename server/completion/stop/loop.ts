/** Fewest repeats that make a loop of one line, and of several. */
const REPEATS_OF_ONE = 3;
const REPEATS_OF_MANY = 2;
const LONGEST_PERIOD = 6;

/**
 * Where the second round of a loop of lines starts, when the text's complete lines end in one: three equal
 * lines, or a group of lines twice in a row. Undefined where the text does not loop.
 */
export function loopStart(text: string): number | undefined {
  const lines = text.split("\n");
  lines.pop();
  const trimmed = lines.map((line) => line.trim());
  for (let period = 1; period <= LONGEST_PERIOD; period++) {
    const repeats = period === 1 ? REPEATS_OF_ONE : REPEATS_OF_MANY;
    const first = trimmed.length - period * repeats;
    if (first < 0) break;
    const round = trimmed.slice(first, first + period);
    // Closing brackets and blank lines repeat in sound code.
    if (!round.some((line) => /[\p{L}\p{N}]/u.test(line) && line.length > 3)) continue;
    const loops = trimmed.slice(first).every((line, i) => line === round[i % period]);
    if (loops) return lines.slice(0, first + period).join("\n").length;
  }
  return undefined;
}
