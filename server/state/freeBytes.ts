import { statfsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Bytes that may be written on the disk that holds a folder, or would hold it: what is not there yet
 * will lie on the disk of the folder above.
 * @throws what the system says, where no file system does
 */
export async function freeBytesAt(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (thrown) {
      if (at === dirname(at)) throw thrown;
    }
  }
}

/**
 * The same of a folder that is there, at once.
 * @throws what the system says
 */
export function freeBytesIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
