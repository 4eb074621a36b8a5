import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureFields } from "../logs/failureFields.ts";
import { createLogFile } from "../logs/logFile.ts";
import { createLogger } from "../logs/logger.ts";
import { readPrivateFacts } from "../logs/privateFacts.ts";
import { createRedact } from "../logs/redact.ts";
import { hostLaunchSchema, hostLaunchVariable, type HostLaunch } from "../protocol/host.ts";
import { findPacksIn, nodeLlamaCppVersion, packsFolderOf } from "../state/packsFolder.ts";
import { createHostLogLevel } from "./hostLogLevel.ts";
import { runHost } from "./runHost.ts";

/** The model host: one process, started by a language server, described by its environment. */
async function main(): Promise<void> {
  const launch = readLaunch();
  if (launch === undefined) {
    process.stderr.write(`${hostLaunchVariable} does not hold how this host is to be launched.\n`);
    process.exitCode = 2;
    return;
  }
  const home = dirname(dirname(launch.runFilePath));
  const logs = join(home, "logs");
  const logLevel = createHostLogLevel(launch.log);
  const sink = createLogFile({
    ...{ folder: logs, name: `host-${process.pid}` },
    maxTotalBytes: () => (logLevel.current.maxMegabytes ?? 50) * 1024 * 1024,
  });
  const redact = createRedact(readPrivateFacts());
  const log = createLogger({
    service: "host",
    sinks: [sink],
    level: () => logLevel.current.level,
    source: () => logLevel.current.source,
    redact: (text) => redact(text).text,
    now: () => new Date(),
  });
  if (process.env["UV_THREADPOOL_SIZE"] !== "1") {
    log.warn("UV_THREADPOOL_SIZE is not 1: decoding is several times slower");
  }
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (thrown: unknown) => {
      log.error("unexpected failure", { event, ...failureFields(thrown) });
      if (event === "uncaughtException") {
        sink.close();
        process.exit(1);
      }
    });
  }
  const version = nodeLlamaCppVersion(dirname(fileURLToPath(import.meta.url)));
  const packs = version === undefined ? undefined : packsFolderOf(home, version);
  const packsFolder = launch.packsFolder ?? packs;
  if (packsFolder !== undefined) findPacksIn(packsFolder);
  const host = await runHost(launch, log, logLevel).catch((thrown: unknown) => {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    log.error("host cannot listen", failureFields(thrown));
    // Also what the launcher reports: standard error is its log.
    process.stderr.write(`${detail}\n`);
    sink.close();
    process.exit(1);
  });
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(name, () => host.stop(name));
  }
  const reason = await host.stopped;
  log.info("host ends", { reason });
  sink.close();
  // The engine's threads would keep the process alive until the model is freed.
  process.exit(0);
}

function readLaunch(): HostLaunch | undefined {
  const json = process.env[hostLaunchVariable];
  // The token is no business of whatever this process may start.
  Reflect.deleteProperty(process.env, hostLaunchVariable);
  try {
    const parsed = hostLaunchSchema.safeParse(JSON.parse(json ?? ""));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

void main();
