import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fileOf, type HubContent } from "./hub/content.ts";
import { createFaults, type FaultGiven, type HubStep } from "./hub/faults.ts";
import { commitOf, treeEntry, usualRepository, type HubRepository } from "./hub/repositories.ts";
import { answerWithout, sendContent } from "./hub/sendContent.ts";

export { bytesOf, fileOf, type HubContent } from "./hub/content.ts";
export type { FaultGiven, HubFault } from "./hub/faults.ts";
export type { HubRepository } from "./hub/repositories.ts";

/** One request that came in. */
export interface HubRequest {
  readonly step: HubStep;
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  status: number;
  /** Bytes of content that were sent. */
  sentBytes: number;
}

export interface LoopbackHubOptions {
  /** Its repositories; otherwise every name is one, with the usual file names, of `content`. */
  readonly repositories?: readonly HubRepository[];
  /** The content of all files of repositories of every name; the bundled model by default. */
  readonly content?: HubContent;
  /** The token that has access to gated repositories. */
  readonly token?: string;
  readonly port?: number;
}

/** A model hub on this machine, and the second server that its redirects lead to. */
export interface LoopbackHub {
  /** For `HF_ENDPOINT`; without a slash at its end. */
  readonly url: string;
  readonly cdnUrl: string;
  readonly requests: readonly HubRequest[];
  /** Misbehaves at requests whose path holds these letters or matches. */
  fault(path: string | RegExp, fault: FaultGiven): void;
  clearFaults(): void;
  /** Adds or replaces a repository: a new commit. */
  publish(repository: HubRepository): void;
  stop(): Promise<void>;
}

const bundledModel = fileURLToPath(
  new URL("../../media/models/starcoder-tiny.gguf", import.meta.url),
);

/** Starts a hub that speaks as the real one does to `@huggingface/hub` and to `resolve` addresses. */
export async function startLoopbackHub(options: LoopbackHubOptions = {}): Promise<LoopbackHub> {
  const { token = "hf_loopbacktoken" } = options;
  const faults = createFaults();
  const requests: HubRequest[] = [];
  const known = new Map(options.repositories?.map((entry) => [entry.name, entry]));
  const content =
    options.repositories === undefined
      ? (options.content ?? (await fileOf(bundledModel)))
      : undefined;

  function repositoryOf(name: string): HubRepository | undefined {
    return known.get(name) ?? (content === undefined ? undefined : usualRepository(name, content));
  }

  function record(step: HubStep, request: IncomingMessage, response: ServerResponse): HubRequest {
    const entry: HubRequest = {
      step,
      method: request.method ?? "",
      path: pathOf(request),
      range: request.headers.range,
      authorization: request.headers.authorization,
      status: 0,
      sentBytes: 0,
    };
    requests.push(entry);
    response.once("close", () => (entry.status = response.statusCode));
    return entry;
  }

  function mayNot({ gated }: HubRepository, request: IncomingMessage, response: ServerResponse) {
    const given = request.headers.authorization;
    if (given !== undefined && !/^Bearer \S+$/.test(given)) {
      fail(response, 401, "Invalid credentials in Authorization header");
    } else if (gated !== true || given === `Bearer ${token}`) return false;
    else if (given === undefined) {
      fail(response, 401, "Access to this model is restricted. Please log in.", "GatedRepo");
    } else fail(response, 403, "Access to this model is restricted.", "GatedRepo");
    return true;
  }

  function answerApi(request: IncomingMessage, response: ServerResponse, path: string): void {
    const [, name = "", verb, rest = ""] =
      /^\/api\/models\/([^/]+\/[^/]+)(?:\/(revision|tree|paths-info)\/?(.*))?$/.exec(path) ?? [];
    record("api", request, response);
    if (answerWithout(response, faults.take("api", path))) return;
    const repository = repositoryOf(name);
    if (repository === undefined) {
      fail(response, 404, "Repository not found", "RepoNotFound");
      return;
    }
    if (mayNot(repository, request, response)) return;
    const sha = commitOf(repository);
    const [revision = ""] = rest.split("/");
    if (revision !== "" && !["main", "HEAD", sha].includes(revision)) {
      fail(response, 404, `Invalid rev id: ${revision}`, "RevisionNotFound");
    } else if (verb === "tree") {
      const entries = [...repository.files].map(([file, entry]) => treeEntry(file, entry));
      json(response, entries);
    } else if (verb === "paths-info") {
      void readBody(request).then((body) => {
        const { paths = [] } = JSON.parse(body) as { paths?: string[] };
        const found = paths.flatMap((file) => {
          const entry = repository.files.get(file);
          return entry === undefined ? [] : [treeEntry(file, entry)];
        });
        json(response, found);
      });
    } else {
      const siblings = [...repository.files.keys()].map((rfilename) => ({ rfilename }));
      const about = { private: false, gated: repository.gated === true ? "manual" : false };
      const counts = { downloads: 1, likes: 1, lastModified: "2026-01-01T00:00:00.000Z" };
      json(response, { _id: sha.slice(0, 24), id: name, sha, ...about, ...counts, siblings });
    }
  }

  function answerResolve(request: IncomingMessage, response: ServerResponse, path: string): void {
    const [, name = "", revision = "", file = ""] =
      /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path) ?? [];
    record("resolve", request, response);
    if (answerWithout(response, faults.take("resolve", path))) return;
    const repository = repositoryOf(name);
    if (repository === undefined) {
      fail(response, 404, "Not found", "RepoNotFound");
      return;
    }
    if (mayNot(repository, request, response)) return;
    const sha = commitOf(repository);
    if (!["main", "HEAD", sha].includes(revision)) {
      fail(response, 404, "Invalid rev id", "RevisionNotFound");
      return;
    }
    const found = repository.files.get(file);
    if (found === undefined) {
      fail(response, 404, "Entry not found", "EntryNotFound");
      return;
    }
    const encoded = file.split("/").map(encodeURIComponent).join("/");
    const location = `${cdnUrl}/cdn/${name}/${sha}/${encoded}?signature=loopback`;
    response.writeHead(302, {
      location,
      "x-repo-commit": sha,
      "x-linked-size": found.sizeBytes,
      "x-linked-etag": `"${found.sha256}"`,
    });
    response.end();
  }

  function answerData(request: IncomingMessage, response: ServerResponse): void {
    const entry = record("data", request, response);
    const [, name = "", , file = ""] =
      /^\/cdn\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/.exec(entry.path) ?? [];
    const found = repositoryOf(name)?.files.get(file);
    if (found === undefined) {
      fail(response, 404, "No such file");
      return;
    }
    void sendContent(request, response, found, faults.take("data", entry.path)).then(
      (sentBytes) => (entry.sentBytes = sentBytes),
      () => response.destroy(),
    );
  }

  const cdn = createServer(answerData);
  const hub = createServer((request, response) => {
    const path = pathOf(request);
    if (path.startsWith("/api/")) answerApi(request, response, path);
    else answerResolve(request, response, path);
  });
  const cdnUrl = await listen(cdn, 0);
  const url = await listen(hub, options.port ?? 0);
  return {
    url,
    cdnUrl,
    requests,
    fault: (path, fault) => faults.add(path, fault),
    clearFaults: () => faults.clear(),
    publish: (repository) => void known.set(repository.name, repository),
    stop: async () => {
      await Promise.all([close(hub), close(cdn)]);
    },
  };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function pathOf({ url = "/" }: IncomingMessage): string {
  return decodeURIComponent(new URL(url, "http://loopback").pathname);
}

function fail(response: ServerResponse, status: number, error: string, code?: string): void {
  const headers = { "content-type": "application/json", "x-error-message": error };
  response.writeHead(status, code === undefined ? headers : { ...headers, "x-error-code": code });
  response.end(JSON.stringify({ error }));
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) body += String(piece);
  return body;
}

/** As a program: `npx tsx test/support/loopbackHub.ts [--port N] [--file PATH] [--sha256 HEX]`. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      file: { type: "string" },
      sha256: { type: "string" },
    },
  });
  const hub = await startLoopbackHub({
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values.file === undefined ? {} : { content: await fileOf(values.file, values.sha256) }),
  });
  console.log(hub.url);
}
