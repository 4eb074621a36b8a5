/** Looks for a text in lines, whatever its case. */
export interface TextSearch {
  /** Lines are asked for in the order in which they lie in the window. */
  beginWindow(bytes: Buffer, from: number, to: number): void;
  isIn(bytes: Buffer, from: number, to: number): boolean;
}

/**
 * The text is found as it is shown and as it stands in the line: `C:\Users` is `C:\\Users` in JSON.
 */
export function createTextSearch(text: string): TextSearch {
  const wanted = text.toLowerCase();
  const escaped = JSON.stringify(wanted).slice(1, -1);
  const needles = wanted === escaped ? [wanted] : [wanted, escaped];
  const isAscii = Buffer.byteLength(wanted) === wanted.length && text.length === wanted.length;
  return isAscii ? searchBytes(needles) : searchText(needles);
}

/** Other letters than A to Z change their case in more ways than bytes show. */
function searchText(needles: readonly string[]): TextSearch {
  return {
    beginWindow: () => undefined,
    isIn(bytes, from, to) {
      const line = bytes.toString("utf8", from, to).toLowerCase();
      return needles.some((needle) => line.includes(needle));
    },
  };
}

/** Goes through the lower-cased window once, from one occurrence to the next. */
function searchBytes(needles: readonly string[]): TextSearch {
  const wanted = needles.map((needle) => ({ bytes: Buffer.from(needle), next: -1 }));
  let lower = Buffer.allocUnsafe(0);
  let end = 0;
  return {
    beginWindow(bytes, from, to) {
      if (lower.length < bytes.length) {
        lower = Buffer.from(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4));
      }
      lowerCase(bytes, lower, from, to);
      end = to;
      for (const needle of wanted) needle.next = -1;
    },
    isIn(_bytes, from, to) {
      for (const needle of wanted) {
        if (needle.next < from) {
          const found = lower.subarray(0, end).indexOf(needle.bytes, from);
          needle.next = found < 0 ? Infinity : found;
        }
        if (needle.next + needle.bytes.length <= to) return true;
      }
      return false;
    },
  };
}

/** A to Z become a to z, four bytes at a time. */
function lowerCase(bytes: Buffer, into: Buffer, from: number, to: number): void {
  bytes.copy(into, from, from, to);
  const words = new Int32Array(into.buffer, into.byteOffset, into.length >> 2);
  const last = Math.min(words.length, (to + 3) >> 2);
  for (let index = from >> 2; index < last; index += 1) {
    const word = words[index] ?? 0;
    const low = word & 0x7f7f7f7f;
    // In each byte the high bit says: at least A, past Z.
    const letters = (low + 0x3f3f3f3f) & ~(low + 0x25252525) & ~word & 0x80808080;
    words[index] = word | (letters >>> 2);
  }
}
