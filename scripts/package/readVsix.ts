import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";

/** A file in a VSIX. */
export interface PackedFile {
  /** Within the extension's folder, with `/`. */
  readonly path: string;
  readonly packedBytes: number;
  readonly bytes: number;
}

/** What a VSIX holds, and the beginnings of its native libraries. */
export interface Vsix {
  readonly files: readonly PackedFile[];
  readonly libraries: ReadonlyMap<string, Uint8Array>;
}

const inExtension = "extension/";
const library = /\.(node|so|dll|dylib)(\.[\w.]+)?$/;

/** Reads a VSIX; its own two files beside the extension's are left out. */
export function readVsix(path: string): Vsix {
  const files: PackedFile[] = [];
  const found = unzipSync(readFileSync(path), {
    filter({ name, size, originalSize }) {
      if (!name.startsWith(inExtension)) return false;
      const file = name.slice(inExtension.length);
      files.push({ path: file, packedBytes: size, bytes: originalSize });
      return library.test(file);
    },
  });
  const libraries = new Map(
    Object.entries(found).map(([name, bytes]) => [
      name.slice(inExtension.length),
      bytes.slice(0, 4096),
    ]),
  );
  return { files, libraries };
}
