const WORD = /[\p{L}\p{M}\p{N}_$]/u;
const IDENTIFIER = /[\p{L}_$][\p{L}\p{M}\p{N}_$]*/gu;

/** Much faster, and enough for most code. */
const ASCII_IDENTIFIER = /[A-Za-z_$][\w$]*/g;
const NOT_ASCII = /[\u0080-\uffff]/;

/** Whether the character (one code point) can stand inside an identifier. */
export function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && character !== "" && WORD.test(character);
}

/** The identifiers of a text in order, repeats included; keywords are identifiers too. */
export function identifiersIn(text: string): string[] {
  return text.match(NOT_ASCII.test(text) ? IDENTIFIER : ASCII_IDENTIFIER) ?? [];
}

/** The part of an identifier directly before the cursor, or "". */
export function wordBefore(before: string): string {
  return /[\p{L}\p{M}\p{N}_$]*$/u.exec(before.slice(-256))?.[0] ?? "";
}

/** The part of an identifier directly after the cursor, or "". */
export function wordAfter(after: string): string {
  return /^[\p{L}\p{M}\p{N}_$]*/u.exec(after.slice(0, 256))?.[0] ?? "";
}
