import { createReadStream } from "node:fs";

/** Lines before a place in a file, in bytes. */
export async function lineAt(file: string, offset: number): Promise<number> {
  if (offset <= 0) return 0;
  let lines = 0;
  for await (const chunk of createReadStream(file, { end: offset - 1 })) {
    for (const byte of chunk as Buffer) if (byte === 0x0a) lines += 1;
  }
  return lines;
}
