import { reasonOf, type LogFolder, type OpenLog } from "./logFolder.ts";
import type { Matcher } from "./matcher.ts";
import type { Match } from "./matchIndex.ts";
import { RecordScan } from "./recordScan.ts";
import { longestLine, readLines } from "./scanLog.ts";

/** Bytes read at once from the end of a file. */
const blockBytes = 256 * 1024;

/** How far one file was read towards its beginning. */
interface Backwards {
  readonly log: OpenLog;
  /** What lies behind this was read. */
  position: number;
  blockBytes: number;
  /** Time of the oldest record read so far; nothing was read at first. */
  oldest: number;
}

/**
 * The newest records that match, oldest first, read from the ends of the files: at once, however
 * long they are. Where a clock jumped within a file a newer one may lie further up; and when the time
 * is up before enough are found, there are more.
 * @param isTimeUp Asked before each block.
 */
export async function newestMatches(
  { logs }: LogFolder,
  matcher: Matcher,
  count: number,
  isTimeUp: () => boolean,
): Promise<Match[]> {
  const scan = new RecordScan();
  let found: Match[] = [];
  let left = logs.map((log): Backwards => ({
    log,
    position: log.sizeBytes,
    blockBytes,
    oldest: Infinity,
  }));
  for (;;) {
    const enough = found.length < count ? matcher.since : (found[0]?.time ?? matcher.since);
    left = left.filter(({ position, oldest }) => position > 0 && oldest >= enough);
    const next = left.reduce<Backwards | undefined>(
      (best, file) => (best === undefined || file.oldest > best.oldest ? file : best),
      undefined,
    );
    if (next === undefined) return found;
    // What was not read yet may be newer than some of these.
    if (isTimeUp()) return found.filter(({ time }) => time > next.oldest);
    const before = found.length;
    await readBlock(next, scan, matcher, found);
    if (found.length > before) {
      found = found
        .sort((a, b) => a.time - b.time || a.file - b.file || a.offset - b.offset)
        .slice(-count);
    }
  }
}

/** Reads the block before those that were read; lines at its beginning that are cut are left. */
async function readBlock(
  file: Backwards,
  scan: RecordScan,
  matcher: Matcher,
  found: Match[],
): Promise<void> {
  const { log, position } = file;
  const start = Math.max(0, position - file.blockBytes);
  const block = Buffer.allocUnsafe(position - start);
  let filled = 0;
  try {
    ({ bytesRead: filled } = await log.handle.read(block, 0, block.length, start));
  } catch (thrown) {
    log.error = reasonOf(thrown);
  }
  const from = start === 0 ? 0 : block.subarray(0, filled).indexOf(10) + 1;
  if (filled === 0 || (from === 0 && start > 0)) {
    // A line that is longer than the block: a larger one may hold it.
    file.blockBytes *= 4;
    if (filled === 0 || file.blockBytes > longestLine) file.position = 0;
    return;
  }
  matcher.beginWindow(block, from, filled);
  const reader = {
    take(_scan: RecordScan, bytes: Buffer, lineFrom: number, to: number, offset: number) {
      if (scan.time < file.oldest) file.oldest = scan.time;
      if (!matcher.isMatch(scan, bytes, lineFrom, to)) return;
      found.push({ time: scan.time, file: log.number, offset });
    },
  };
  readLines(reader, scan, block, from, filled, start);
  file.position = start === 0 ? 0 : start + from;
  file.blockBytes = blockBytes;
}
