import { createHash } from "node:crypto";
import { zipSync, type Zippable } from "fflate";

/** A manifest that is right for these files, with what a test wants otherwise. */
export function manifestFor(
  files: Readonly<Record<string, string>>,
  otherwise: object = {},
): Record<string, unknown> {
  return {
    format: "starcoder-backup",
    version: 1,
    productVersion: "1.0.0",
    createdAt: "2026-01-01T00:00:00.000Z",
    files: Object.entries(files).map(([name, text]) => ({
      name,
      bytes: Buffer.byteLength(text),
      sha256: createHash("sha256").update(text).digest("hex"),
    })),
    ...otherwise,
  };
}

/** A backup of these files, and entries beside them that a manifest may not know. */
export function zipOf(
  files: Readonly<Record<string, string>>,
  manifest: unknown = manifestFor(files),
  beside: Zippable = {},
): Buffer {
  const zip: Zippable = { "manifest.json": Buffer.from(JSON.stringify(manifest)), ...beside };
  for (const [name, text] of Object.entries(files)) zip[name] = Buffer.from(text);
  return Buffer.from(zipSync(zip));
}

/** Replaces bytes everywhere; both texts are of one length. */
export function patched(zip: Buffer, from: string, to: string): Buffer {
  const bytes = zip.toString("latin1").replaceAll(from, to);
  return Buffer.from(bytes, "latin1");
}

/** Says another unpacked size of the entry in the list. */
export function withStatedSize(zip: Buffer, name: string, bytes: number): Buffer {
  const copy = Buffer.from(zip);
  const at = copy.lastIndexOf(name) - 46;
  copy.writeUInt32LE(bytes, at + 24);
  return copy;
}
