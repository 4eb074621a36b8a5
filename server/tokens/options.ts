import { CodedError } from "../protocol/errors.ts";
import type { DecideResult } from "../protocol/host.ts";

/** An answer that counts: its tokens, or the texts of them, and how likely they are one after the other. */
export interface WeighedOption<Piece> {
  readonly pieces: readonly Piece[];
  readonly probability: number;
}

/**
 * Shares of options in what they have together. An answer that begins with `1` may be on its way to
 * `10`: that part is the longer option's.
 * @throws CodedError INTERNAL_ERROR where none has any probability.
 */
export function sharesOf<Piece>(
  options: readonly WeighedOption<Piece>[],
): Omit<DecideResult, "usage"> {
  const masses = options.map(({ pieces, probability }) =>
    options.reduce(
      (left, other) => (isLonger(other.pieces, pieces) ? left - other.probability : left),
      probability,
    ),
  );
  const positive = masses.map((mass) => Math.max(0, mass));
  const covered = positive.reduce((sum, mass) => sum + mass, 0);
  // Also where it is NaN.
  if (!(covered > 0)) throw new CodedError("INTERNAL_ERROR", "No option has any probability.");
  return { probabilities: positive.map((mass) => mass / covered), covered };
}

/** Whether one option goes on where another ends. */
function isLonger<Piece>(longer: readonly Piece[], shorter: readonly Piece[]): boolean {
  return longer.length > shorter.length && shorter.every((piece, index) => longer[index] === piece);
}
