/** Bytes looked at; what git looks at. */
const LOOKED_AT = 8000;

/** Whether the first bytes of a file are not text: they hold a NUL, as git decides it. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, LOOKED_AT).includes(0);
}
