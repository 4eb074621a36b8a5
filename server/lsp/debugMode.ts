import nodeInspector from "node:inspector";
import { ResponseError, type Connection } from "vscode-languageserver/node";
import type { Product } from "../compose/compose.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import { codedErrorRpcCode } from "../protocol/host.ts";
import {
  debugModeParamsSchema,
  debugModeRequest,
  type DebugModeResult,
} from "../protocol/repair.ts";
import { createInspector, type InspectorModule } from "../state/inspector.ts";

export interface ServeDebugModeOptions {
  readonly connection: Pick<Connection, "onRequest">;
  readonly product: Pick<Product, "engine" | "logControl" | "logger" | "traceRequests">;
  readonly inspector?: InspectorModule;
}

/**
 * Answers `starcoder/debugMode`: everything is logged and requests are traced until it is ended, or
 * this process ends. Nothing of it is kept on disk.
 */
export function serveDebugMode(options: ServeDebugModeOptions): void {
  const { product } = options;
  const { engine, logControl, logger } = product;
  const own = createInspector(options.inspector ?? nodeInspector);
  const holder = {};
  let inspecting = false;

  async function turn(on: boolean, inspector: boolean): Promise<DebugModeResult> {
    logControl.override(on ? "debug" : undefined);
    product.traceRequests(on);
    logger.info(on ? "debug mode begins" : "debug mode ends", { inspector });
    const wasInspecting = inspecting;
    inspecting = on && inspector;
    const inspectors = inspecting ? await openInspectors() : [];
    if (wasInspecting && !inspecting) await closeInspectors();
    return { on, level: logControl.level, inspectors };
  }

  async function openInspectors(): Promise<DebugModeResult["inspectors"]> {
    const inspectors: DebugModeResult["inspectors"] = [];
    inspectors.push({ service: "server", url: own.hold(holder) });
    const url = await inspectHost();
    if (url !== undefined) inspectors.push({ service: "host", url });
    return inspectors;
  }

  async function inspectHost(): Promise<string | undefined> {
    if (engine.state.kind !== "ready") return undefined;
    const host = await engine.inspect(true);
    if (host.kind === "done") return host.value ?? undefined;
    if (host.kind === "failed") {
      logger.warn("the host has no inspector", { code: host.error.code });
    }
    return undefined;
  }

  async function closeInspectors(): Promise<void> {
    own.release(holder);
    if (engine.state.kind === "ready") await engine.inspect(false);
  }

  // A host that was started anew has closed its inspector.
  engine.onState(({ kind }) => {
    if (kind !== "ready" || !inspecting) return;
    void inspectHost().then((url) => {
      // Not the address: whoever reads it in a report could attach.
      if (url !== undefined) logger.info("the host's inspector is open");
    });
  });

  options.connection.onRequest(debugModeRequest.method, async (raw: unknown) => {
    const params = debugModeParamsSchema.safeParse(raw);
    try {
      if (!params.success) {
        throw new CodedError("VALIDATION_ERROR", "starcoder/debugMode: `on` must be a boolean.");
      }
      return await turn(params.data.on, params.data.inspector);
    } catch (thrown) {
      const error = toCodedError(thrown);
      throw new ResponseError(codedErrorRpcCode, error.message, error.toData());
    }
  });
}
