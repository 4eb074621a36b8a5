import { performance } from "node:perf_hooks";
import type { SecureContext } from "node:tls";
import { z } from "zod";
import {
  isKey,
  mayCarryKey,
  parseEndpoint,
  pathsOf,
  type EndpointUrl,
} from "../../network/endpointUrl.ts";
import { createTrust } from "../../network/authorities.ts";
import { badProxy, proxyFor, type Proxy } from "../../network/proxyFor.ts";
import type { EditorNetwork } from "../../protocol/editorNetwork.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { codeOfHttpStatus } from "../../protocol/httpStatus.ts";
import { isForwarded, nameOfPlace, openChannel, StageError } from "./channel.ts";
import type { EndpointSeen, EndpointStage, RemoteEndpoint } from "./endpoint.ts";
import { get, type Answer } from "./get.ts";

export interface ProbeOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The editor's own settings; they go before the environment's. */
  readonly network?: EditorNetwork | undefined;
  /** Keys by the address of their entry; they go before the environment's. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Milliseconds each stage may take. */
  readonly stageMs?: number;
}

const mostSkewMs = 60_000;
const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Goes the way to a remote engine stage by stage, and says where it ends. Never rejects. */
export async function probeEndpoint(
  endpoint: RemoteEndpoint,
  options: ProbeOptions,
): Promise<EndpointSeen> {
  const stages: EndpointStage[] = [];
  const warnings: { code?: ErrorCode; message: string; remedy?: string }[] = [];
  let models: readonly string[] = [];
  let trusted: SecureContext | undefined;
  const trust = () => (trusted ??= createTrust(options.environment));
  try {
    const url = parseEndpoint(endpoint.url);
    if (url === undefined)
      throw new StageError("ENDPOINT_INVALID", "it is no http or https address.");
    const { environment: env, network } = options;
    const proxy = proxyFor(new URL(endpoint.url.trim()), { ...network, env });
    if (proxy !== undefined && "invalid" in proxy) {
      throw new StageError("ENDPOINT_PROXY", badProxy(proxy));
    }
    const authorization = keyOf(endpoint, url, options);
    if (authorization.warning !== undefined) warnings.push(authorization.warning);
    const ask = (name: "health" | "models", path: string) =>
      askOne(
        name,
        path,
        { url, proxy, trust, key: authorization.key, ...options },
        stages,
        warnings,
      );
    const { root, v1 } = pathsOf(url);
    const health = await ask("health", `${root}/health`);
    // Not every server has it; a 503 there says that the model is still being loaded.
    if (codeOfHttpStatus(health.status) !== "ENDPOINT_NOT_FOUND") judge(health, proxy, "/health");
    const listed = await ask("models", `${v1}/models`);
    judge(listed, proxy, `${v1}/models`);
    models = readModels(listed, `${v1}/models`);
    const skew = skewOf(listed, options.now()) ?? skewOf(health, options.now());
    if (skew !== undefined) warnings.push({ code: "CLOCK_SKEW", message: skew });
  } catch (thrown) {
    if (!(thrown instanceof StageError)) {
      const message = `${thrown instanceof Error ? thrown.message : String(thrown)}.`;
      return { stages, warnings, models, fault: { code: "ENDPOINT_FAILED", message } };
    }
    return { stages, warnings, models, fault: { code: thrown.code, message: thrown.message } };
  }
  return { stages, warnings, models };
}

interface Way extends ProbeOptions {
  readonly url: EndpointUrl;
  readonly proxy: Proxy | undefined;
  readonly trust: () => SecureContext;
  readonly key: string | undefined;
}

async function askOne(
  name: "health" | "models",
  path: string,
  way: Way,
  stages: EndpointStage[],
  warnings: { code?: ErrorCode; message: string }[],
): Promise<Answer> {
  const { url, proxy, trust, network, key, signal, now, stageMs = 4000 } = way;
  const isFirst = !stages.some((stage) => stage.name === "health");
  const channel = await openChannel({
    ...{ endpoint: url, proxy, trust, signal, stageMs, now },
    strictSSL: network?.strictSSL ?? true,
    // The second connection takes the same way; it is told once.
    onStage(stage) {
      if (isFirst) stages.push(stage);
    },
    onWarning(message, code) {
      if (isFirst) warnings.push({ code, message });
    },
  });
  const host = nameOfPlace(url);
  const isToProxy = isForwarded(url, proxy);
  const startedAt = performance.now();
  const answer = await get(channel, {
    path: isToProxy ? `http://${host}${path}` : path,
    headers: {
      host,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(isToProxy && proxy?.authorization !== undefined
        ? { "proxy-authorization": proxy.authorization }
        : {}),
    },
    signal,
    withinMs: stageMs,
  });
  stages.push({ name, ms: performance.now() - startedAt, detail: `status ${answer.status}` });
  return answer;
}

function judge({ status, location }: Answer, proxy: Proxy | undefined, path: string): void {
  if (status === 407 && proxy !== undefined) {
    throw new StageError("ENDPOINT_PROXY", `the proxy of ${proxy.namedBy} wants a password.`);
  }
  if (status >= 300 && status < 400) {
    const where = location === undefined ? "" : ` to ${location.split("?")[0] ?? ""}`;
    const message = `it sends GET ${path} on${where}; redirects are not followed.`;
    throw new StageError("ENDPOINT_NOT_FOUND", message);
  }
  const code = codeOfHttpStatus(status);
  if (code !== undefined) throw new StageError(code, `GET ${path} was answered with ${status}.`);
}

function readModels({ body }: Answer, path: string): readonly string[] {
  try {
    return modelsSchema.parse(JSON.parse(body)).data.map(({ id }) => id.slice(0, 100));
  } catch {
    const message = `what it answers to GET ${path} is no list of models.`;
    throw new StageError("ENDPOINT_NOT_FOUND", message);
  }
}

function skewOf({ date }: Answer, now: Date): string | undefined {
  if (date === undefined) return undefined;
  const behindMs = now.getTime() - date.getTime();
  // The header counts whole seconds.
  if (Math.abs(behindMs) <= mostSkewMs + 1000) return undefined;
  const seconds = Math.round(Math.abs(behindMs) / 1000);
  return `Its clock is ${seconds} s ${behindMs > 0 ? "behind" : "ahead of"} the one here.`;
}

/** The key goes only where nobody between can read it. */
function keyOf(
  { keyVariable = "", url: address }: RemoteEndpoint,
  url: EndpointUrl,
  { environment, keys = {} }: Pick<ProbeOptions, "environment" | "keys">,
): { readonly key?: string; readonly warning?: { message: string; remedy: string } } {
  const kept = keys[address]?.trim() ?? "";
  if (kept === "" && keyVariable.trim() === "") return {};
  const key = kept === "" ? (environment[keyVariable.trim()]?.trim() ?? "") : kept;
  if (key === "") {
    const message = `The environment variable ${keyVariable} that should hold the key is not set.`;
    const remedy = `Set ${keyVariable} where the editor is started, and start the editor anew.`;
    return { warning: { message, remedy } };
  }
  if (!isKey(key)) {
    const holder = kept === "" ? keyVariable : "the key that the editor keeps";
    throw new StageError("ENDPOINT_AUTH", `${holder} holds characters that no key has.`);
  }
  if (mayCarryKey(url)) return { key };
  const message = "The key was not sent: http to another machine can be read on the way.";
  return { warning: { message, remedy: "Use https for this engine." } };
}
