import { CodedError } from "../../protocol/errors.ts";
import { connectionFailure, headerOf, NetworkError, shownAddress } from "../../network/failures.ts";
import { ask, discard, type Answer, type Network } from "../../network/follow.ts";
import type { GgufSource } from "../ggufFile.ts";
import type { Range } from "./ranges.ts";

/** One file to download: what was announced of it before its first byte. */
export interface RemoteFile {
  readonly url: string;
  /** Its path in the repository, or its name. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256?: string | undefined;
  /** The entity tag of an address that is no part of the hub. */
  readonly etag?: string | undefined;
  readonly page?: string | undefined;
}

/** Bytes of a remote file on their way. */
export interface RangeAnswer {
  /** Where the bytes begin: where they were asked for, or 0 where the server ignores ranges. */
  readonly from: number;
  readonly isWhole: boolean;
  readonly body: Answer["body"];
}

/** Asks for ranges of one file, and remembers where its redirects led. */
export interface RangeReader {
  open(range: Range, signal?: AbortSignal): Promise<RangeAnswer>;
}

/**
 * Checks of every answer that it is of the file that was announced.
 * `open` rejects with `DOWNLOAD_MISMATCH` for another file, `DOWNLOAD_NOT_MODEL` for a web page, and
 * what `ask` throws.
 */
export function createRangeReader(network: Network, file: RemoteFile): RangeReader {
  /** Where redirects ended; links of that kind expire. */
  let location: string | undefined;
  /** Entity tags by the server that gave them. */
  const tags = new Map<string, string>();
  if (file.etag !== undefined) tags.set(new URL(file.url).origin, file.etag);

  async function askFor({ from, to }: Range, signal?: AbortSignal): Promise<Answer> {
    const at = location ?? file.url;
    const tag = tags.get(new URL(at).origin);
    const headers = {
      range: `bytes=${from}-${to - 1}`,
      ...(tag === undefined ? {} : { "if-range": tag }),
    };
    try {
      const answer = await ask(network, { url: at, headers, signal, page: file.page });
      location = answer.url.href;
      return answer;
    } catch (thrown) {
      const isExpired =
        location !== undefined &&
        thrown instanceof NetworkError &&
        [400, 401, 403, 404, 410].includes(thrown.status ?? 0);
      if (!isExpired) throw thrown;
      location = undefined;
      return askFor({ from, to }, signal);
    }
  }

  return {
    async open(range, signal) {
      const answer = await askFor(range, signal);
      try {
        return check(answer, range, file, tags);
      } catch (thrown) {
        discard(answer.body);
        throw thrown;
      }
    },
  };
}

function check(
  answer: Answer,
  { from, to }: Range,
  file: RemoteFile,
  tags: Map<string, string>,
): RangeAnswer {
  const where = shownAddress(answer.url);
  if (/^(text\/html|application\/xhtml)/i.test(headerOf(answer, "content-type") ?? "")) {
    throw new CodedError("DOWNLOAD_NOT_MODEL", `${where} answered with a web page.`);
  }
  const tag = headerOf(answer, "etag");
  if (tag !== undefined && !tag.startsWith("W/")) {
    const known = tags.get(answer.url.origin);
    if (known !== undefined && known !== tag) throw changed(where);
    tags.set(answer.url.origin, tag);
  }
  const length = headerOf(answer, "content-length");
  if (answer.status === 206) {
    const [, first, last, total] =
      /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headerOf(answer, "content-range") ?? "") ?? [];
    if (Number(first) !== from || Number(last) !== to - 1) {
      throw new CodedError("HUB_FAILED", `${where} answered with another part than asked for.`);
    }
    if (total !== "*" && Number(total) !== file.sizeBytes) throw changed(where);
    return { from, isWhole: false, body: answer.body };
  }
  if (length !== undefined && Number(length) !== file.sizeBytes) throw changed(where);
  return { from: 0, isWhole: true, body: answer.body };
}

function changed(where: string): CodedError {
  return new CodedError("DOWNLOAD_MISMATCH", `${where} is another file than announced.`);
}

/** A remote file as what stands before its weights is read from; close it afterwards. */
export function openSource(
  reader: RangeReader,
  file: RemoteFile,
  signal?: AbortSignal,
): GgufSource & { close(): void } {
  /** The answer of a server that ignores ranges: read on for as long as reads go forward. */
  let whole: { at: number; body: Answer["body"]; pieces: AsyncIterator<Buffer> } | undefined;
  let rest: Buffer = Buffer.alloc(0);

  async function readOn(offset: number, length: number): Promise<Buffer> {
    if (whole === undefined || whole.at - rest.length > offset) {
      throw new CodedError("HUB_FAILED", `${file.path} cannot be read in parts.`);
    }
    const kept: Buffer[] = [];
    let missing = length;
    let skip = offset - (whole.at - rest.length);
    for (let piece = rest; ;) {
      const start = Math.min(skip, piece.length);
      skip -= start;
      const part = piece.subarray(start, start + missing);
      rest = piece.subarray(start + part.length);
      kept.push(part);
      missing -= part.length;
      if (missing === 0) break;
      const next = await whole.pieces.next().catch((thrown: unknown) => {
        throw connectionFailure(new URL(file.url), thrown);
      });
      if (next.done === true) break;
      piece = next.value;
      whole.at += piece.length;
    }
    return Buffer.concat(kept);
  }

  return {
    name: file.path,
    size: file.sizeBytes,
    async read(offset, length) {
      if (whole !== undefined) return readOn(offset, length);
      const to = Math.min(offset + length, file.sizeBytes);
      if (to <= offset) return new Uint8Array();
      const answer = await reader.open({ from: offset, to }, signal);
      if (answer.isWhole) {
        const pieces = answer.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
        whole = { at: 0, body: answer.body, pieces };
        return readOn(offset, length);
      }
      try {
        return await readAll(answer.body, to - offset);
      } catch (thrown) {
        signal?.throwIfAborted();
        throw connectionFailure(new URL(file.url), thrown);
      }
    },
    close: () => {
      if (whole !== undefined) discard(whole.body);
    },
  };
}

/** The bytes of a body, of which there must be so many. */
async function readAll(body: Answer["body"], length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let received = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    received += piece.length;
    if (received > length) break;
    pieces.push(piece);
  }
  if (received === length) return Buffer.concat(pieces);
  throw new CodedError("DOWNLOAD_INTERRUPTED", `${received} of ${length} bytes came.`);
}
