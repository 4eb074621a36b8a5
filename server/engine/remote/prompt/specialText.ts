/**
 * Text that a tokenizer could read as a special token: something in angle or square brackets, without
 * white space. Wider than what any vocabulary has, since a miss would let user text steer the model.
 */
const bracketed = /[<[][^\s<>[\]]{1,48}[>\]]/;

/** Whether a text has to be tokenised as plain text before it may be sent. */
export function mayHoldSpecial(text: string): boolean {
  return bracketed.test(text);
}
