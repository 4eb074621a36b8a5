import { z } from "zod";
import { CodedError } from "../../protocol/errors.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { llamaServerPropsSchema } from "./dialects/llamaServer/describe.ts";
import { createLlamaServerDialect } from "./dialects/llamaServer/llamaServer.ts";
import { createOpenAiDialect } from "./dialects/openai/openai.ts";
import { servedModelSchema, type ServedModel } from "./dialects/servedModel.ts";
import { createTgiDialect, tgiInfoSchema } from "./dialects/tgi/tgi.ts";
import { createVllmDialect } from "./dialects/vllm/vllm.ts";
import type { Transport } from "./transport/transport.ts";
import type { RemoteEndpoint } from "./types.ts";

const versionSchema = z.object({ version: z.string().max(100) });
const modelsSchema = z.object({ data: z.array(servedModelSchema) });

export interface ProbeOptions {
  readonly transport: Transport;
  readonly endpoint: RemoteEndpoint;
  readonly now: () => number;
}

/**
 * Finds out what an endpoint speaks and which model it serves, by what it answers at paths that only
 * one kind of server has, never by a name.
 * @throws CodedError of the `ENDPOINT_*` kind or TIMEOUT_ERROR
 */
export async function probe(options: ProbeOptions, signal: AbortSignal): Promise<Dialect> {
  const { transport, endpoint, now } = options;
  const { root, v1 } = transport.paths;
  // First alone: a failure of the way there is told once.
  const listed = await ifThere(
    transport.json({ path: `${v1}/models`, schema: modelsSchema }, signal),
  );
  const isKnown = listed !== undefined;
  const props = await ifThere(
    transport.json({ path: `${root}/props`, schema: llamaServerPropsSchema }, signal),
    isKnown,
  );
  if (props !== undefined) {
    const served = chooseModel(listed?.data ?? [], endpoint, props.model_alias);
    return createLlamaServerDialect(transport, props, served, signal);
  }
  const version = await ifThere(
    transport.json({ path: `${root}/version`, schema: versionSchema }, signal),
    isKnown,
  );
  if (version !== undefined && listed?.data.some((entry) => entry.owned_by === "vllm") === true) {
    const served = chooseModel(listed.data, endpoint);
    return createVllmDialect({ transport, version: version.version, served, now }, signal);
  }
  const info = await ifThere(
    transport.json({ path: `${root}/info`, schema: tgiInfoSchema }, signal),
    isKnown,
  );
  if (info !== undefined) {
    chooseModel([{ id: info.model_id }, ...(listed?.data ?? [])], endpoint);
    return createTgiDialect({ transport, info, now }, signal);
  }
  if (listed !== undefined) {
    return createOpenAiDialect(transport, chooseModel(listed.data, endpoint), signal);
  }
  throw new CodedError("ENDPOINT_NOT_FOUND", `${transport.shown} lists no models.`);
}

/**
 * The answer; undefined where there is no such path, or another program's page at it.
 * @param isKnown whether the key was accepted: then a path that is forbidden is none of the server's
 */
async function ifThere<Value>(asked: Promise<Value>, isKnown = false): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    if (isElsewhere(thrown) || (isKnown && thrown.code === "ENDPOINT_AUTH")) return undefined;
    throw thrown;
  }
}

function isElsewhere({ code }: CodedError): boolean {
  return (
    code === "ENDPOINT_NOT_FOUND" ||
    code === "ENDPOINT_REFUSED" ||
    code === "ENDPOINT_PROTOCOL" ||
    code === "ENDPOINT_FAILED"
  );
}

/**
 * The model that the entry names, or the first.
 * @throws CodedError ENDPOINT_MODEL where it is not served
 */
export function chooseModel(
  served: readonly ServedModel[],
  { model }: RemoteEndpoint,
  fallback?: string,
): ServedModel {
  const wanted = model?.trim() ?? "";
  const [first] = served;
  if (wanted === "") {
    if (first !== undefined) return first;
    if (fallback !== undefined) return { id: fallback };
    throw new CodedError("ENDPOINT_MODEL", "It serves none.");
  }
  const found = served.find(
    ({ id, aliases = [] }) => [id, ...aliases].includes(wanted) || baseName(id) === wanted,
  );
  if (found !== undefined) return found;
  if (served.length === 0 && fallback === wanted) return { id: wanted };
  const names = served.slice(0, 5).map(({ id }) => id.slice(0, 100));
  const detail = `${wanted} is asked for, ${names.join(", ") || "none"} served.`;
  throw new CodedError("ENDPOINT_MODEL", detail);
}

/** llama-server calls a model without an alias by the path of its file. */
function baseName(id: string): string {
  return id.split(/[\\/]/).at(-1) ?? id;
}
