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
const windowBytes = 512 * 1024;
const smallBytes = 64 * 1024;

/** The longest line that is read; a longer one is counted as broken. */
export const longestLine = 8 * 1024 * 1024;

const lineEnd = 10;

/** Reads logs one after the other, always with the same memory. */
export class LogScanner {
  private readonly reader: LineReader;
  private readonly signal: AbortSignal;
  private readonly scan = new RecordScan();
  private window = Buffer.allocUnsafe(0);

  constructor(reader: LineReader, signal: AbortSignal) {
    this.reader = reader;
    this.signal = signal;
  }

  /**
   * Reads on from `log.position` to the end of the file, window by window, and lets others work in
   * between. Lines that are no records are counted; a line at the end that is not finished is left for
   * the next time, unless it is a record already. Never rejects: a failure is kept in `log.error`.
   * @param onProgress Called after each window with how many bytes it moved on.
   */
  async read(log: OpenLog, onProgress: (bytes: number) => void = () => undefined): Promise<void> {
    try {
      await returnWhenTruncated(log);
      await this.readWindows(log, onProgress);
      log.error = undefined;
    } catch (thrown) {
      if (!this.signal.aborted) log.error = reasonOf(thrown);
    }
  }

  private async readWindows(log: OpenLog, onProgress: (bytes: number) => void): Promise<void> {
    const { reader, scan } = this;
    if (this.isOver()) return;
    // A file that grows by a line now and then needs no large window.
    this.resize(log.sizeBytes - log.position < smallBytes ? smallBytes : windowBytes, 0, 0);
    let kept = 0;
    let isSkipping = false;
    const moveOn = (bytes: number): void => {
      log.position += bytes;
      onProgress(bytes);
    };
    for (;;) {
      const { window } = this;
      const { bytesRead } = await log.handle.read(
        window,
        kept,
        window.length - kept,
        log.position + kept,
      );
      if (this.isOver()) return;
      if (bytesRead === 0) {
        const taken = isSkipping ? 0 : readTail(log, reader, scan, window, kept);
        log.isTailBroken = kept > taken;
        moveOn(taken);
        return;
      }
      const filled = kept + bytesRead;
      log.sizeBytes = Math.max(log.sizeBytes, log.position + filled);
      const last = window.lastIndexOf(lineEnd, filled - 1);
      if (last >= 0) {
        const from = isSkipping
          ? window.indexOf(lineEnd) + 1
          : log.position === 0
            ? bom(window)
            : 0;
        isSkipping = false;
        reader.beginWindow?.(window, from, last);
        log.brokenLines += readLines(reader, scan, window, from, last, log.position);
        kept = filled - last - 1;
        const size = kept < windowBytes ? Math.min(window.length, windowBytes) : window.length;
        this.resize(size, last + 1, filled);
        moveOn(last + 1);
      } else if (isSkipping) {
        kept = 0;
        moveOn(filled);
      } else if (filled < window.length) {
        kept = filled;
      } else if (filled < longestLine) {
        kept = filled;
        this.resize(window.length * 2, 0, filled);
      } else {
        isSkipping = true;
        log.brokenLines += 1;
        kept = 0;
        moveOn(filled);
      }
    }
  }

  private isOver(): boolean {
    return this.signal.aborted;
  }

  /** Keeps what lies between two places, at the beginning of the window. */
  private resize(size: number, from: number, to: number): void {
    const { window } = this;
    if (window.length !== size) this.window = Buffer.allocUnsafeSlow(size);
    window.copy(this.window, 0, from, to);
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
