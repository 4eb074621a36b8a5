import { ResponseError, type Connection } from "vscode-languageserver/node";
import type { Engine } from "../engine/engine.ts";
import { CodedError } from "../protocol/errors.ts";
import { codedErrorRpcCode } from "../protocol/host.ts";
import {
  restartMeNotification,
  restartParamsSchema,
  restartRequest,
  type RestartResult,
} from "../protocol/repair.ts";
import { onRestartAsked } from "../state/restartAsked.ts";

/**
 * Answers `starcoder/restart`: the host is ended and started anew at once; a server cannot start
 * itself, so with `server` and `all` the client is told to.
 * @param onRestart the host is about to be restarted
 */
export function serveRestart(
  connection: Pick<Connection, "onRequest">,
  engine: Pick<Engine, "restart">,
  onRestart: () => void,
): void {
  connection.onRequest(restartRequest.method, async (raw: unknown): Promise<RestartResult> => {
    const params = restartParamsSchema.safeParse(raw ?? {});
    if (!params.success) {
      const error = new CodedError("VALIDATION_ERROR", "starcoder/restart: unknown service.");
      throw new ResponseError(codedErrorRpcCode, error.message, error.toData());
    }
    const { service } = params.data;
    if (service !== "server") {
      onRestart();
      await engine.restart();
    }
    return { service, clientMustRestart: service !== "host" };
  });
}

/** How long a client that knows how to restart its server may take to end it. */
const graceMs = 1500;

/**
 * Ends this server when another program of the home asks for it, or with SIGTERM: VS Code is told
 * to start it anew, which counts as no crash; another editor sees it end properly.
 */
export function endWhenAsked(
  connection: Pick<Connection, "sendNotification">,
  homePath: string,
  end: () => void,
): void {
  let asked = false;
  const restart = (): void => {
    if (asked) return;
    asked = true;
    connection.sendNotification(restartMeNotification.method, {}).catch(() => undefined);
    setTimeout(end, graceMs);
  };
  onRestartAsked(homePath, process.pid, restart);
  process.on("SIGTERM", restart);
}
