import { logLevels, logServices } from "../../protocol/logs.ts";
import { readIsoTime } from "./isoTime.ts";

const quote = 34;
const backslash = 92;
const comma = 44;
const colon = 58;
const openBrace = 123;
const closeBrace = 125;

const named = [
  "time",
  "level",
  "service",
  "message",
  "code",
  "requestId",
  "durationMs",
  "tokensUsed",
  "pid",
] as const;
type Named = (typeof named)[number];
/** By length: most keys are told apart by it. */
const keysByLength = Array.from({ length: 11 }, (_, length) =>
  named
    .filter((name) => name.length === length)
    .map((name) => ({ name, bytes: Buffer.from(name) })),
);
/** What may stand behind a backslash. */
const escapes = [...Buffer.from('"\\/bfnrtu')];
const levels = logLevels.map((name) => Buffer.from(name));
const services = logServices.map((name) => Buffer.from(name));

/**
 * The named fields of one line, found in its bytes without parsing it: a log of hundreds of megabytes
 * is looked through with the same few numbers. `read` fills them; strings are made on demand.
 */
export class RecordScan {
  /** Milliseconds since 1970. */
  time = NaN;
  /** Index into `logLevels`; 1 is `error`. */
  level = 0;
  /** Index into `logServices`. */
  service = 0;
  messageFrom = 0;
  messageTo = 0;
  /** -1 where there is none. */
  codeFrom = -1;
  codeTo = -1;
  requestFrom = -1;
  requestTo = -1;
  /** NaN where there is none. */
  durationMs = NaN;
  tokensUsed = NaN;

  /**
   * Reads the line in `bytes` between two places, without its line end.
   * @returns Whether it is a record of `logRecordSchema`.
   */
  read(bytes: Buffer, from: number, end: number): boolean {
    this.time = NaN;
    this.level = -1;
    this.service = -1;
    this.messageFrom = -1;
    this.codeFrom = this.codeTo = this.requestFrom = this.requestTo = -1;
    this.durationMs = this.tokensUsed = NaN;
    let at = from;
    if (bytes[at] !== openBrace) return false;
    do {
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== quote) return false;
      const keyFrom = at + 1;
      const keyTo = endOfString(bytes, keyFrom, end);
      if (keyTo < 0) return false;
      at = skipSpace(bytes, keyTo + 1);
      if (bytes[at] !== colon) return false;
      const valueFrom = skipSpace(bytes, at + 1);
      const valueTo = endOfValue(bytes, valueFrom, end);
      if (valueTo < 0 || !this.take(bytes, keyFrom, keyTo, valueFrom, valueTo)) return false;
      at = skipSpace(bytes, valueTo);
    } while (bytes[at] === comma && at < end);
    if (bytes[at] !== closeBrace || at !== end - 1) return false;
    // NaN is no time.
    return this.time === this.time && this.level > 0 && this.service >= 0 && this.messageFrom >= 0;
  }

  private take(bytes: Buffer, keyFrom: number, keyTo: number, from: number, to: number): boolean {
    const key = nameOfKey(bytes, keyFrom, keyTo);
    if (key === undefined) return true;
    const isString = bytes[from] === quote;
    switch (key) {
      case "durationMs":
        this.durationMs = readNumber(bytes, from, to);
        return this.durationMs === this.durationMs;
      case "tokensUsed":
        this.tokensUsed = readNumber(bytes, from, to);
        return this.tokensUsed === this.tokensUsed;
      case "pid":
        return readNumber(bytes, from, to) >= 0;
      case "time":
        this.time = isString ? readIsoTime(bytes, from + 1, to - 1) : NaN;
        return isString;
      case "level":
        this.level = isString ? indexOf(levels, bytes, from + 1, to - 1) : -1;
        return isString;
      case "service":
        this.service = isString ? indexOf(services, bytes, from + 1, to - 1) : -1;
        return isString;
      case "message":
        this.messageFrom = from + 1;
        this.messageTo = to - 1;
        return isString;
      case "code":
        this.codeFrom = from + 1;
        this.codeTo = to - 1;
        return isString;
      case "requestId":
        this.requestFrom = from + 1;
        this.requestTo = to - 1;
        return isString;
    }
  }
}

/** The text of a string value found by a scan. */
export function textOf(bytes: Buffer, from: number, to: number): string {
  const raw = bytes.toString("utf8", from, to);
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/** Whether these bytes and the expected ones are the same. */
export function isSame(bytes: Uint8Array, from: number, to: number, expected: Uint8Array): boolean {
  if (to - from !== expected.length) return false;
  for (let at = 0; at < expected.length; at += 1) {
    if (bytes[from + at] !== expected[at]) return false;
  }
  return true;
}

function indexOf(words: readonly Uint8Array[], bytes: Uint8Array, from: number, to: number) {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word !== undefined && isSame(bytes, from, to, word)) return index;
  }
  return -1;
}

function nameOfKey(bytes: Uint8Array, from: number, to: number): Named | undefined {
  const candidates = keysByLength[to - from];
  if (candidates === undefined) return undefined;
  for (let index = 0; index < candidates.length; index += 1) {
    const key = candidates[index];
    if (key?.bytes[0] === bytes[from] && key !== undefined && isSame(bytes, from, to, key.bytes)) {
      return key.name;
    }
  }
  return undefined;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 32 || bytes[at] === 9) at += 1;
  return at;
}

/** The closing quote of a string whose text begins here; -1 where it has none. */
function endOfString(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) return at;
    if (byte === backslash) {
      at += 1;
      if (!escapes.includes(bytes[at] ?? 0)) return -1;
    }
    // Control characters are escaped in JSON: here one line was written into another.
    else if (byte < 32) return -1;
  }
  return -1;
}

/** The place behind a value; -1 where it is none. */
function endOfValue(bytes: Buffer, from: number, end: number): number {
  const first = bytes[from] ?? 0;
  if (first === quote) return endOfString(bytes, from + 1, end) + 1 || -1;
  if (first === openBrace || first === 91) return endOfNested(bytes, from, end);
  let at = from;
  while (at < end && isPrimitive(bytes[at] ?? 0)) at += 1;
  if (first === 116 || first === 110) return at === from + 4 ? at : -1;
  if (first === 102) return at === from + 5 ? at : -1;
  return Number.isNaN(readNumber(bytes, from, at)) ? -1 : at;
}

/** Loggers write hardly any: these are parsed. */
function endOfNested(bytes: Buffer, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfString(bytes, at + 1, end);
      if (at < 0) return -1;
    } else if (byte === openBrace || byte === 91) depth += 1;
    else if (byte === closeBrace || byte === 93) depth -= 1;
    if (depth === 0) return isJson(bytes.toString("utf8", from, at + 1)) ? at + 1 : -1;
  }
  return -1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Letters, digits and what else numbers have. */
function isPrimitive(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 97 && byte <= 122) ||
    byte === 46 ||
    byte === 45 ||
    byte === 43 ||
    byte === 69
  );
}

/** A JSON number; NaN where it is none. */
function readNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const isNegative = bytes[at] === 45;
  if (isNegative) at += 1;
  let value = 0;
  let scale = 0;
  if (at >= to) return NaN;
  for (; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 48 && byte <= 57) {
      value = value * 10 + (byte - 48);
      scale *= 10;
    } else if (byte === 46 && scale === 0) scale = 1;
    else return Number(String.fromCharCode(...bytes.subarray(from, to)) || "x");
  }
  if (scale > 1) value /= scale;
  return isNegative ? -value : value;
}
