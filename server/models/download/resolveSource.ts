import { listFiles, modelInfo } from "@huggingface/hub";
import { CodedError } from "../../protocol/errors.ts";
import type { DownloadRequest, ModelSource } from "../../protocol/models.ts";
import { headerOf, shownAddress } from "../../network/failures.ts";
import { ask, discard, type Network } from "../../network/follow.ts";
import { hubPage, resolveAddress } from "../../network/hub.ts";
import { createHubFetch } from "./hubFetch.ts";
import { matchFile } from "./matchFile.ts";
import { safeName } from "./places.ts";
import type { RemoteFile } from "./remoteFile.ts";

/** Larger than any model: what claims more is no answer to be believed. */
const mostBytes = 4 * 1024 ** 4;

/**
 * The exact files of a model with sizes and hashes: one, or the parts of a split one in order.
 * Those of the hub are those of one commit.
 * @throws CodedError `HUB_*`, `DOWNLOAD_UNSAFE`, `DOWNLOAD_NOT_MODEL`; `VALIDATION_ERROR` for a source
 * that has nothing to download
 */
export async function resolveSource(
  request: Pick<DownloadRequest, "source" | "quantization">,
  network: Network,
  signal: AbortSignal,
): Promise<RemoteFile[]> {
  const { source, quantization } = request;
  if (source.kind === "bundled" || source.kind === "file") {
    throw new CodedError("VALIDATION_ERROR", "This model is on the disk; nothing is downloaded.");
  }
  const files =
    source.kind === "hub"
      ? await resolveHub(source, quantization, network, signal)
      : [await resolveUrl(source, network, signal)];
  for (const { path, sizeBytes } of files) {
    safeName(path);
    if (!(Number.isSafeInteger(sizeBytes) && sizeBytes > 0 && sizeBytes <= mostBytes)) {
      throw new CodedError("DOWNLOAD_MISMATCH", `${path} is said to have ${sizeBytes} bytes.`);
    }
  }
  return files;
}

async function resolveHub(
  source: Extract<ModelSource, { kind: "hub" }>,
  quantization: string | undefined,
  network: Network,
  signal: AbortSignal,
): Promise<RemoteFile[]> {
  const { repository, revision } = source;
  const page = hubPage(network.hub, repository);
  const own = { hubUrl: network.hub, fetch: createHubFetch(network, { page, signal }) };
  try {
    const fields = { name: repository, revision, additionalFields: ["sha" as const] };
    const { sha } = await modelInfo({ ...own, ...fields });
    if (!/^[\da-f]{40}$/i.test(sha)) throw new CodedError("HUB_FAILED", "It names no commit.");
    const listed = new Map<string, { sizeBytes: number; sha256?: string }>();
    const tree = { repo: repository, revision: sha, recursive: true };
    for await (const { type, path, size, lfs } of listFiles({ ...own, ...tree })) {
      if (type !== "file" || typeof path !== "string") continue;
      const sha256 = /^[\da-f]{64}$/i.test(lfs?.oid ?? "") ? lfs?.oid.toLowerCase() : undefined;
      const sizeBytes = lfs?.size ?? size;
      listed.set(path, sha256 === undefined ? { sizeBytes } : { sizeBytes, sha256 });
    }
    return matchFile([...listed.keys()], { file: source.file, quantization }).map((path) => ({
      url: resolveAddress(network.hub, repository, sha, path),
      path,
      page,
      ...(listed.get(path) ?? { sizeBytes: 0 }),
    }));
  } catch (thrown) {
    if (thrown instanceof CodedError || signal.aborted) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("HUB_FAILED", `It gave no listing of ${repository}: ${reason}.`, thrown);
  }
}

async function resolveUrl(
  source: Extract<ModelSource, { kind: "url" }>,
  network: Network,
  signal: AbortSignal,
): Promise<RemoteFile> {
  const answer = await ask(network, { url: source.url, headers: { range: "bytes=0-0" }, signal });
  discard(answer.body);
  const where = shownAddress(answer.url);
  if (/^text\/html/i.test(headerOf(answer, "content-type") ?? "")) {
    throw new CodedError("DOWNLOAD_NOT_MODEL", `${where} answered with a web page.`);
  }
  const total = /\/(\d+)$/.exec(headerOf(answer, "content-range") ?? "")?.[1];
  const length = answer.status === 206 ? total : headerOf(answer, "content-length");
  const size = length ?? answer.passed("x-linked-size");
  if (size === undefined) throw new CodedError("HUB_FAILED", `${where} does not say its size.`);
  const linked = answer.passed("x-linked-etag")?.replace(/^(W\/)?"|"$/g, "");
  const sha256 =
    source.sha256 ?? (/^[\da-f]{64}$/i.test(linked ?? "") ? linked?.toLowerCase() : undefined);
  const etag = headerOf(answer, "etag");
  const isTag = etag !== undefined && !etag.startsWith("W/");
  return {
    url: source.url,
    path: nameOf(new URL(source.url)),
    sizeBytes: Number(size),
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
    ...(isTag ? { etag } : {}),
  };
}

function nameOf({ pathname }: URL): string {
  const last = pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
