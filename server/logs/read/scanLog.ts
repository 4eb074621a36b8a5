import { reasonOf, type OpenLog } from "./logFolder.ts";
import { RecordScan } from "./recordScan.ts";

/** What is done with the lines of a window. */
export interface LineReader {
  /** Whole lines of a log lie in the bytes between two places, and are looked through next. */
  beginWindow?(bytes: Buffer, from: number, to: number): void;
  /** A record: where its line lies in the window, and how far that is from the start of the file. */
  take(scan: RecordScan, bytes: Buffer, from: number, to: number, offset: number): void;
}

/** Bytes read at once. */
const windowBytes = 1024 * 1024;

/** The longest line that is read; a longer one is counted as broken. */
export const longestLine = 8 * 1024 * 1024;

const lineEnd = 10;

/**
 * Reads on from `log.position` to the end of the file, window by window, and lets others work in
 * between. Lines that are no records are counted; a line at the end that is not finished is left for
 * the next time, unless it is a record already. Never rejects: a failure is kept in `log.error`.
 * @param onProgress Called after each window with how many bytes it moved on.
 */
export async function scanLog(
  log: OpenLog,
  reader: LineReader,
  signal: AbortSignal,
  onProgress: (bytes: number) => void = () => undefined,
): Promise<void> {
  try {
    await returnWhenTruncated(log);
    await readWindows(log, reader, signal, onProgress);
    log.error = undefined;
  } catch (thrown) {
    if (!signal.aborted) log.error = reasonOf(thrown);
  }
}

async function readWindows(
  log: OpenLog,
  reader: LineReader,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const scan = new RecordScan();
  // A file that grows by a line now and then needs no large window.
  const usual = Math.min(windowBytes, Math.max(65_536, log.sizeBytes - log.position + 1));
  let window = Buffer.allocUnsafe(usual);
  let kept = 0;
  let isSkipping = false;
  const forget = (bytes: number): void => {
    log.position += bytes;
    onProgress(bytes);
  };
  while (!signal.aborted) {
    const { bytesRead } = await log.handle.read(
      window,
      kept,
      window.length - kept,
      log.position + kept,
    );
    if (bytesRead === 0) {
      const taken = isSkipping ? 0 : readTail(log, reader, scan, window, kept);
      log.isTailBroken = kept > taken;
      forget(taken);
      return;
    }
    const filled = kept + bytesRead;
    log.sizeBytes = Math.max(log.sizeBytes, log.position + filled);
    const last = window.lastIndexOf(lineEnd, filled - 1);
    if (last >= 0) {
      const from = isSkipping ? window.indexOf(lineEnd) + 1 : log.position === 0 ? bom(window) : 0;
      isSkipping = false;
      reader.beginWindow?.(window, from, last);
      log.brokenLines += readLines(reader, scan, window, from, last, log.position);
      kept = filled - last - 1;
      const next = kept < usual ? usual : window.length;
      const into = next === window.length ? window : Buffer.allocUnsafe(next);
      window.copy(into, 0, last + 1, filled);
      window = into;
      forget(last + 1);
    } else if (isSkipping) {
      forget(filled);
      kept = 0;
    } else if (filled < window.length) {
      kept = filled;
    } else if (filled < longestLine) {
      const larger = Buffer.allocUnsafe(Math.min(longestLine, window.length * 2));
      window.copy(larger, 0, 0, filled);
      window = larger;
      kept = filled;
    } else {
      isSkipping = true;
      log.brokenLines += 1;
      forget(filled);
      kept = 0;
    }
  }
}

/** @returns How many lines between two places were no records. */
export function readLines(
  reader: LineReader,
  scan: RecordScan,
  bytes: Buffer,
  from: number,
  to: number,
  windowOffset: number,
): number {
  let broken = 0;
  for (let start = from; start <= to;) {
    let end = bytes.indexOf(lineEnd, start);
    if (end < 0 || end > to) end = to;
    const trimmed = withoutSpace(bytes, start, end);
    if (scan.read(bytes, start, trimmed)) {
      reader.take(scan, bytes, start, trimmed, windowOffset + start);
    } else if (trimmed > start) broken += 1;
    start = end + 1;
  }
  return broken;
}

/** What stands behind the last line end: a record, or a line that is still being written. */
function readTail(
  log: OpenLog,
  reader: LineReader,
  scan: RecordScan,
  window: Buffer,
  filled: number,
): number {
  const from = log.position === 0 ? bom(window.subarray(0, filled)) : 0;
  const to = withoutSpace(window, from, filled);
  if (!scan.read(window, from, to)) return 0;
  reader.beginWindow?.(window, from, to);
  reader.take(scan, window, from, to, log.position + from);
  return filled;
}

function withoutSpace(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (bytes[end - 1] === 13 || bytes[end - 1] === 32)) end -= 1;
  return end;
}

/** Bytes of a byte order mark at the beginning. */
function bom(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** A file that was cut, or written anew in place, is read from its beginning. */
async function returnWhenTruncated(log: OpenLog): Promise<void> {
  if (log.position === 0) return;
  const before = Buffer.alloc(1);
  const { bytesRead } = await log.handle.read(before, 0, 1, log.position - 1);
  const byte = before[0];
  // A record without a line end behind it ends with its brace.
  if (bytesRead === 1 && (byte === lineEnd || byte === 125)) return;
  const { size } = await log.handle.stat();
  Object.assign(log, { position: 0, sizeBytes: size, brokenLines: 0, isTailBroken: false });
}
