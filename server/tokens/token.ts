/** An index into the model's vocabulary. */
export type Token = number;
