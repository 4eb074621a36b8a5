import { restartRequest, type RestartParams } from "../../server/protocol/repair.ts";
import type { Command } from "./command.ts";

/** The host where a server can be asked to do it, else the server itself. */
export const restart: Command = {
  async run({ supervisor, notices, log }) {
    notices.reset();
    const run = supervisor.running;
    if (run !== undefined) {
      try {
        const params: RestartParams = { service: "host" };
        await withTimeout(run.request(restartRequest.method, params), 5_000);
        return;
      } catch (error) {
        log.error(`The server did not restart the host: ${String(error)}. It is restarted itself.`);
      }
    }
    await supervisor.restart();
  },
};

async function withTimeout(answer: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms} ms`));
    }, ms);
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
