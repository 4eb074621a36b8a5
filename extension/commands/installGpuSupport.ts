import * as vscode from "vscode";
import { gpuRecordSchema, type GpuRecord } from "../../server/protocol/gpus.ts";
import type { Command, CommandContext } from "./command.ts";
import { restartService } from "./restartService.ts";

/** Fetches the native library for the GPU and tries it before it is used. */
export const installGpuSupport: Command = {
  async run(context) {
    context.notices.reset();
    const record = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: "StarCoder: Installing GPU support",
        cancellable: true,
      },
      (progress, token) => install(context, token, (message) => progress.report({ message })),
    );
    if (record?.installed === undefined) return;
    const { name, backend, already, devices, trial } = record.installed;
    // The host that runs has not loaded it.
    await restartService("host", context);
    const used = context.service()?.backend?.used;
    const there = already ? "was there already" : "is installed";
    const inUse = used === backend ? "" : ` In use: ${used ?? "not known"}; see starcoder.backend.`;
    void vscode.window.showInformationMessage(
      `StarCoder: ${name} ${there}. It answered on ${devices.join(", ")} (${backend}) in ${trial.completionMs} ms.${inUse}`,
    );
  },
};

/** Undefined where the user cancelled it. */
async function install(
  { runCli, facts, log }: CommandContext,
  token: vscode.CancellationToken,
  report: (message: string) => void,
): Promise<GpuRecord | undefined> {
  const abort = new AbortController();
  const cancelled = token.onCancellationRequested(() => {
    abort.abort();
  });
  try {
    return await runCli(gpuRecordSchema, {
      args: ["gpu", "install"],
      facts: facts(),
      signal: abort.signal,
      onNote(line) {
        log.info(line);
        report(line.trim());
      },
    });
  } catch (error) {
    if (abort.signal.aborted) return undefined;
    throw error;
  } finally {
    cancelled.dispose();
  }
}
