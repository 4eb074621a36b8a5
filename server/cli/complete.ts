import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Product } from "../compose/compose.ts";
import type { CompletionRequest } from "../completion/types.ts";
import { within } from "../health/snapshot/within.ts";
import { createRequestIds } from "../logs/requestIds.ts";
import { completeRecordSchema, type CompleteRecord } from "../protocol/records.ts";
import { languageOf } from "../text/languageOf.ts";
import { readText } from "../workspace/readText.ts";
import { offsetOf, parseLocation, type Location } from "./location.ts";
import { modelReady } from "./modelReady.ts";
import { exitCodes, type CommandOutcome } from "./outcome.ts";
import { unsupported } from "./unsupported.ts";

const toldWithinMs = 500;

const maxFileBytes = 10 * 1024 * 1024;

/** `starcoder complete FILE:LINE:COL`: one suggestion at a place in a file, and what it took. */
export async function complete(product: Product, place: string): Promise<CommandOutcome> {
  const location = parseLocation(place);
  const read = await readText(resolve(location.file), maxFileBytes);
  if (read.kind !== "text") throw unsupported(location.file, read.kind);
  const { text } = read;
  const offset = offsetOf(text, location);
  const startedAt = product.clock.now();
  await product.syntax.load(languageOf(location.file));
  const { model, backend } = await modelReady(product);
  const readyAt = product.clock.now();
  const request = toRequest(location, text, offset);
  const told = new Promise<void>((resolve) => {
    product.completer.onCompleted(() => resolve());
  });
  const result = await product.completer.complete(request, new AbortController().signal);
  const completedAt = product.clock.now();
  // What it cost is logged a moment after the text is there.
  await within(product.clock, toldWithinMs, told, undefined);
  if (result.kind === "failed") throw result.error;
  const suggestion = result.kind === "suggestion" ? result.suggestion : undefined;
  const { usage } = result;
  const record: CompleteRecord = completeRecordSchema.parse({
    file: resolve(location.file),
    line: location.line,
    column: location.column,
    suggestion: suggestion?.text ?? null,
    reason: result.kind === "none" ? result.reason : undefined,
    probability: suggestion?.probability,
    latency: {
      startMs: round(readyAt - startedAt),
      completionMs: round(completedAt - readyAt),
      queueMs: usage && round(usage.queueMs),
      prefillMs: usage && round(usage.prefillMs),
      decodeMs: usage && round(usage.decodeMs),
    },
    usage,
    model: {
      name: model.name || model.architecture,
      path: model.path,
      starter: product.isStarter(model.path),
    },
    backend: { used: backend.used, fallbackReason: backend.fallbackReason },
    state: product.engine.state.kind === "ready" ? "ok" : product.engine.state.kind,
  });
  return { record, text: describe(record), exitCode: exitCodes.done };
}

function toRequest({ file }: Location, text: string, offset: number): CompletionRequest {
  return {
    document: {
      uri: pathToFileURL(resolve(file)).href,
      path: file.replaceAll("\\", "/").replace(/^.*\//, ""),
      languageId: languageOf(file),
      version: 1,
      text,
    },
    offset,
    trigger: "invoked",
    requestId: createRequestIds("c").next(),
  };
}

function describe(record: CompleteRecord): string {
  const { latency, usage, model, backend } = record;
  const parts = usage
    ? ` (queue ${latency.queueMs ?? 0}, prefill ${latency.prefillMs ?? 0}, decode ${latency.decodeMs ?? 0} ms)`
    : "";
  const fallback = backend.fallbackReason === undefined ? "" : ` (${backend.fallbackReason})`;
  return [
    record.suggestion ?? `No suggestion: ${record.reason ?? "nothing to say"}.`,
    "",
    `latency  ${latency.completionMs} ms${parts}, model ready after ${latency.startMs} ms`,
    `model    ${model.name}${model.starter ? " (bundled starter)" : ""}`,
    `backend  ${backend.used}${fallback}`,
    `state    ${record.state}`,
  ].join("\n");
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
