import type { EngineState } from "../../engine/engine.ts";
import { apiHealthSchema } from "../../protocol/api.ts";
import { openAiModelsSchema } from "../../protocol/apiCompatible.ts";
import { errorTable } from "../../protocol/errors.ts";
import type { Status } from "../../protocol/status.ts";
import { statsSchema } from "../../protocol/stats.ts";
import type { RouteParts } from "../types.ts";
import { addGet, type ApiApp } from "./route.ts";

/** `GET /health`, `/stats` and `/v1/models`. */
export function addInfoRoutes(app: ApiApp, parts: RouteParts): void {
  const { product, readStats, now } = parts;
  const { engine } = product;

  addGet(
    app,
    {
      path: "/health",
      summary: "Whether the model is ready; with the key, how everything is.",
      answer: apiHealthSchema,
      open: true,
    },
    async ({ env: { call } }) => {
      const status = wordOf(engine.state);
      if (!call.known) return { status };
      const health = await product.readHealth(statusOf(engine.state, product.isStarter));
      return {
        ...{ status, version: product.version, model: health.model?.name },
        ...{ endpoints: health.endpoints, health },
      };
    },
  );
  addGet(
    app,
    { path: "/stats", summary: "What was counted on this machine.", answer: statsSchema },
    () => readStats(),
  );
  addGet(
    app,
    {
      path: "/v1/models",
      summary: "The model in use, as OpenAI lists.",
      answer: openAiModelsSchema,
    },
    () => {
      const { state } = engine;
      const created = Math.floor(now().getTime() / 1000);
      const model = "model" in state ? modelName(state.model) : undefined;
      const entry = { object: "model", created, owned_by: "starcoder-local" } as const;
      return {
        object: "list",
        data: model === undefined ? [] : [{ id: model, ...entry }],
      } as const;
    },
  );
}

/** What a model is called in answers. */
export function modelName(model: { readonly name: string; readonly architecture: string }): string {
  return model.name || model.architecture;
}

function wordOf(state: EngineState): "ok" | "starting" | "error" {
  const { kind } = state;
  if (kind === "ready" || kind === "unloaded") return "ok";
  // Remote engines that are down are not being started by anything here.
  const isDown = kind === "restarting" && state.error.code === "ENDPOINTS_DOWN";
  return kind === "failed" || isDown ? "error" : "starting";
}

function statusOf(state: EngineState, isStarter: (path: string) => boolean): Status {
  const base = { state: wordOf(state), actions: [], settingProblems: [] };
  if ("error" in state) {
    const { code, message } = state.error;
    const { remedy, actions } = errorTable[code];
    return { ...base, code, message, remedy, actions: [...actions] };
  }
  if (!("model" in state)) return { ...base, message: "The model is being loaded." };
  const { path, architecture, parameters, quantization, contextSize } = state.model;
  const name = modelName(state.model);
  return {
    ...base,
    message: `${name} on ${state.backend.used}`,
    model: {
      ...{ name, path, architecture, parameters, quantization, contextSize },
      starter: isStarter(path),
    },
    backend: state.backend,
  };
}
