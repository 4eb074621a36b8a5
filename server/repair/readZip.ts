import { inflateRawSync } from "node:zlib";

/** One file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** @throws RangeError, and what zlib reports, where it is damaged or larger than it says */
  read(): Buffer;
}

export interface ZipLimits {
  readonly entries: number;
  /** Of one entry, unpacked. */
  readonly fileBytes: number;
  /** Of all entries, unpacked. */
  readonly allBytes: number;
}

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 0xffff;
const symbolicLink = 0o120000;
const fileTypeMask = 0o170000;

/**
 * The entries of a zip archive, whose names may have been made up by anyone: names that could lead
 * out of a folder, links, doubles and sizes past the limits are refused before anything is unpacked.
 * @throws RangeError with the reason as a sentence
 */
export function readZip(zip: Buffer, limits: ZipLimits): readonly ZipEntry[] {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  if (zip.readUInt16LE(end + 8) !== count || count === 0xffff) {
    throw new RangeError("It consists of several parts.");
  }
  if (count > limits.entries) throw new RangeError(`It holds ${String(count)} files.`);
  const entries = new Map<string, ZipEntry>();
  let all = 0;
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== centralSignature) throw new RangeError("Its list is damaged.");
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
    if (nameEnd > zip.length) throw new RangeError("Its list is damaged.");
    const name = zip.toString("utf8", at + 46, nameEnd);
    checkName(name);
    if (((zip.readUInt32LE(at + 38) >>> 16) & fileTypeMask) === symbolicLink) {
      throw new RangeError(`${JSON.stringify(name)} is a link.`);
    }
    // Names are compared as file systems that do not tell case apart would.
    const key = name.toLowerCase();
    if (entries.has(key)) throw new RangeError(`It holds ${JSON.stringify(name)} twice.`);
    const bytes = zip.readUInt32LE(at + 24);
    all += bytes;
    if (bytes > limits.fileBytes || all > limits.allBytes) {
      throw new RangeError(`${JSON.stringify(name)} is too large.`);
    }
    const header = {
      encrypted: (zip.readUInt16LE(at + 8) & 1) === 1,
      method: zip.readUInt16LE(at + 10),
      packed: zip.readUInt32LE(at + 20),
      bytes,
      offset: zip.readUInt32LE(at + 42),
    };
    entries.set(key, { name, read: () => unpack(zip, name, header) });
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return [...entries.values()];
}

function findEnd(zip: Buffer): number {
  const first = Math.max(0, zip.length - endBytes - longestComment);
  for (let at = zip.length - endBytes; at >= first; at--) {
    if (zip.readUInt32LE(at) === endSignature) return at;
  }
  throw new RangeError("It is not a zip file.");
}

function checkName(name: string): void {
  const shown = JSON.stringify(name);
  if (name.includes("\\") || name.includes("\0") || name.includes("\ufffd")) {
    throw new RangeError(`The name ${shown} is not allowed.`);
  }
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) {
    throw new RangeError(`The name ${shown} is an absolute path.`);
  }
  const parts = name.split("/");
  if (parts.includes("..")) throw new RangeError(`The name ${shown} leads out of the folder.`);
  if (parts.some((part) => part === "" || part === ".")) {
    throw new RangeError(`The name ${shown} is not that of a file.`);
  }
}

function unpack(
  zip: Buffer,
  name: string,
  header: {
    readonly encrypted: boolean;
    readonly method: number;
    readonly packed: number;
    readonly bytes: number;
    readonly offset: number;
  },
): Buffer {
  const { encrypted, method, packed, bytes, offset } = header;
  if (encrypted) throw new RangeError(`${name} is encrypted.`);
  if (zip.readUInt32LE(offset) !== localSignature) throw new RangeError(`${name} is damaged.`);
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  if (start + packed > zip.length) throw new RangeError(`${name} is cut off.`);
  const data = zip.subarray(start, start + packed);
  if (method !== 0 && method !== 8) throw new RangeError(`${name} is packed in an unknown way.`);
  // What is unpacked past the size that was stated is never held in memory.
  const content = method === 0 ? data : inflateRawSync(data, { maxOutputLength: bytes || 1 });
  if (content.length !== bytes) throw new RangeError(`${name} has another size than stated.`);
  return content;
}
