import type { Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";
import { maxHostMessageBytes } from "../protocol/host.ts";

export interface MessageGuardOptions {
  readonly maxMessageBytes?: number;
  /** Called once when the peer is cut off, with what it did. */
  readonly onViolation?: (reason: string) => void;
}

/** A header holds two short lines; past this it is not a header. */
const maxHeaderBytes = 1024;
const headerEnd = Buffer.from("\r\n\r\n");

/**
 * What a message reader may read of a socket: base-protocol messages (`Content-Length` header and
 * body) whose length is known and within bounds. A peer that sends anything else is cut off before
 * a byte of it reaches the reader, so that nothing is buffered in the hope of a header.
 */
export function createMessageGuard(
  socket: Socket,
  options: MessageGuardOptions = {},
): NodeJS.ReadableStream {
  const check = createFrameCheck(options.maxMessageBytes ?? maxHostMessageBytes);
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const violation = check(chunk);
      if (violation === undefined) {
        done(null, chunk);
        return;
      }
      options.onViolation?.(violation);
      done();
      this.push(null);
      socket.destroy();
    },
  });
  socket.pipe(guard);
  // The reader learns of an end that the pipe does not pass on.
  socket.once("close", () => guard.destroy());
  return guard;
}

/** Follows a stream of framed messages; returns what is wrong with it, once. */
export function createFrameCheck(maxMessageBytes: number): (chunk: Buffer) => string | undefined {
  let header = Buffer.alloc(0);
  let bodyLeft = 0;
  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, chunk.length - offset);
        bodyLeft -= taken;
        offset += taken;
        continue;
      }
      const before = header.length;
      header = Buffer.concat([header, chunk.subarray(offset, offset + maxHeaderBytes)]);
      const end = header.indexOf(headerEnd);
      if (end < 0) {
        if (header.length >= maxHeaderBytes || !isHeaderText(header)) return "not a message header";
        return undefined;
      }
      const length = contentLength(header.subarray(0, end).toString("latin1"));
      if (length === undefined) return "not a message header";
      if (length > maxMessageBytes) return `a message of ${length} bytes`;
      bodyLeft = length;
      offset += end + headerEnd.length - before;
      header = Buffer.alloc(0);
    }
    return undefined;
  };
}

/** A header is known by its first bytes: garbage need not grow before it is refused. */
function isHeaderText(header: Buffer): boolean {
  return header.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a);
}

function contentLength(header: string): number | undefined {
  const lines = header.split("\r\n");
  const values = lines
    .map((line) => /^content-length: *(\d{1,15})$/i.exec(line)?.[1])
    .filter((value) => value !== undefined);
  if (values.length !== 1 || !lines.every((line) => /^[\w-]+:/.test(line))) return undefined;
  return Number(values[0]);
}
