import { Transform, type TransformCallback } from "node:stream";

/** The largest message accepted, in bytes: far above any document that is completed. */
export const maxMessageBytes = 256 * 1024 * 1024;

const maxHeaderBytes = 4096;
const headerEnd = Buffer.from("\r\n\r\n");

/**
 * Passes LSP's framing through and calls back once, with the reason, at the first byte that is not
 * of it. Without this the reader waits for ever for the end of a header that never comes.
 * @param beforeEnd what is waited for when the input ends: the library ends the process at once then
 */
export function createStdioGuard(
  onGarbage: (reason: string) => void,
  beforeEnd: () => Promise<void> = () => Promise.resolve(),
): Transform {
  let header = Buffer.alloc(0);
  let bodyLeft = 0;
  let refused = false;

  const refuse = (reason: string): void => {
    refused = true;
    onGarbage(reason);
  };

  const inspect = (chunk: Buffer): void => {
    let at = 0;
    while (at < chunk.length && !refused) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, chunk.length - at);
        bodyLeft -= taken;
        at += taken;
        continue;
      }
      const before = header.length;
      header = Buffer.concat([header, chunk.subarray(at, at + maxHeaderBytes)]);
      const end = header.indexOf(headerEnd);
      const reason = complaintOf(header.toString("latin1", 0, end < 0 ? undefined : end), end >= 0);
      if (reason !== undefined) {
        refuse(reason);
        return;
      }
      if (end < 0) {
        at += header.length - before;
        continue;
      }
      at += end + headerEnd.length - before;
      bodyLeft = lengthIn(header.toString("latin1", 0, end)) ?? 0;
      header = Buffer.alloc(0);
    }
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      if (!refused) inspect(chunk);
      if (refused) done();
      else done(null, chunk);
    },
    flush(done: TransformCallback) {
      void beforeEnd().finally(() => done());
    },
  });
}

function lengthIn(header: string): number | undefined {
  const digits = /^Content-Length: *(\d+) *$/im.exec(header)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Why a header, or its beginning, is not one; undefined while it can be. */
function complaintOf(header: string, whole: boolean): string | undefined {
  const shown = JSON.stringify(header.slice(0, 40));
  if (!whole) {
    const start = "content-";
    const begins = header.slice(0, start.length).toLowerCase();
    if (!start.startsWith(begins)) return `expected a Content-Length header, got ${shown}`;
    return header.length > maxHeaderBytes ? "the header does not end" : undefined;
  }
  const length = lengthIn(header);
  if (length === undefined) return `expected a Content-Length header, got ${shown}`;
  return length > maxMessageBytes ? `a message of ${length} bytes is too large` : undefined;
}
