/**
 * How joint odds become a probability: even at `even` nats, steeper the smaller `spread`. From the
 * measurement of minimal edits: replacements of right code are mostly below 3 nats, those of mistakes
 * mostly above 8.
 */
const even = 5.5;
const spread = 1.2;
/** A yes or no is never taken for certain. */
const surest = 0.98;

/**
 * The probability that a comment is right: that of the model's own agreement, raised where the
 * replacement's odds over the code as written speak for it, as a second and independent sign. They
 * count most with a small model, whose agreement hovers about one half whatever it is asked. They
 * never speak against a comment: a right replacement that writes much anew is seldom likelier, token
 * for token, than what it replaces.
 * @param agreement probability of yes, 0 to 1.
 * @param odds nats in favour of the replacement; undefined where there is none.
 */
export function confidenceOf(agreement: number, odds: number | undefined): number {
  if (odds === undefined) return agreement;
  const yes = Math.min(surest, Math.max(1 - surest, agreement));
  const both = 1 / (1 + Math.exp(-(Math.log(yes / (1 - yes)) + (odds - even) / spread)));
  return Math.max(agreement, both);
}
