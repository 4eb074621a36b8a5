import * as vscode from "vscode";
import { CodedError } from "../../server/protocol/errors.ts";
import { repairRecordSchema, restartRequest, type Service } from "../../server/protocol/repair.ts";
import { systemClock } from "../clock.ts";
import { within } from "../within.ts";
import type { CommandContext } from "./command.ts";

/** How long a server may take to answer before it is restarted itself. */
const answerMs = 5000;

const titles: Readonly<Record<Service, string>> = {
  host: "Restarting the model host",
  server: "Restarting the language server",
  all: "Restarting model host and language server",
};

/**
 * Restarts a service and shows the progress until suggestions work again. Documents stay as they
 * are: the editor owns them, and tells the new server. Rejects with a `CodedError`.
 */
export async function restartService(service: Service, context: CommandContext): Promise<void> {
  const { notices, supervisor, untilReady } = context;
  notices.reset();
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `StarCoder: ${titles[service]}` },
    async (progress) => {
      const mustRestart = service === "server" || !(await restartHost(service, context));
      if (mustRestart || service === "all") await supervisor.restart();
      progress.report({ message: "waiting until it is ready" });
      await untilReady();
    },
  );
}

/** By the server where it answers, else from outside; false where the server must be restarted. */
async function restartHost(
  service: Service,
  { supervisor, runCli, log }: CommandContext,
): Promise<boolean> {
  const run = supervisor.running;
  if (run !== undefined) {
    try {
      await within(systemClock, answerMs, run.request(restartRequest.method, { service }), () => {
        return new CodedError("TIMEOUT_ERROR", `No answer within ${answerMs / 1000} s.`);
      });
      return true;
    } catch (error) {
      log.error(`The server did not restart the host: ${String(error)}. It is restarted itself.`);
    }
  }
  await runCli(repairRecordSchema, { args: ["restart", "host"] }).catch((error: unknown) => {
    log.error(`The host was not ended: ${String(error)}`);
  });
  return false;
}
