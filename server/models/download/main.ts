import { text } from "node:stream/consumers";
import { createDispatcher } from "../../network/dispatcher.ts";
import { hubAddress, hubToken } from "../../network/hub.ts";
import { createLogFile } from "../../logs/logFile.ts";
import { createLogger } from "../../logs/logger.ts";
import { readPrivateFacts } from "../../logs/privateFacts.ts";
import { createRedact } from "../../logs/redact.ts";
import { logLevelSchema, logLevelVariable } from "../../protocol/logs.ts";
import { defaultSettings } from "../../protocol/settings.ts";
import { openHome } from "../../state/home.ts";
import { makeFolder } from "../../state/makeFolder.ts";
import { refuseTooLarge } from "./checkHeader.ts";
import { placesOf } from "./places.ts";
import { sweepStates } from "./states.ts";
import { work } from "./work.ts";
import { downloadJobSchema } from "./workerProtocol.ts";

/*
 * One download, in a process of its own that outlives its window: reads a job on standard input and
 * says how it stands in the home. SIGTERM keeps what has arrived.
 */

const job = downloadJobSchema.parse(JSON.parse(await text(process.stdin)));
const { machine } = job;
const { env } = process;
const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(signal, () => stop.abort());
}
const home = openHome(job.homePath);
const places = placesOf(home.path, job.request.id);
makeFolder(places.folder);
const token = job.token ?? hubToken(env);
const file = createLogFile({
  folder: home.logs,
  name: `download-${String(process.pid)}`,
  maxTotalBytes: () => defaultSettings["log.maxMegabytes"] * 1024 * 1024,
});
const facts = readPrivateFacts();
const redact = createRedact({
  ...facts,
  secrets: [...(facts.secrets ?? []), ...(token === undefined ? [] : [token])],
});
const level = logLevelSchema.safeParse(env[logLevelVariable]).data ?? defaultSettings["log.level"];
const log = createLogger({
  service: "server",
  sinks: [file],
  level: () => level,
  redact: (line) => redact(line).text,
  now: () => new Date(),
});
const dispatcher = createDispatcher({ env, ...job.network });
const now = () => Date.now();
try {
  sweepStates(home.path, now());
  await work({
    homePath: home.path,
    places,
    request: job.request,
    network: {
      ...{ dispatcher, hub: hubAddress(env), token, now },
      stallMs: 30_000,
      // Twice with a wait between: people hear within 20 seconds that nobody answers.
      firstAnswerMs: 8000,
      answered: new Set(),
    },
    connections: job.connections,
    signal: stop.signal,
    patience: { random: () => Math.random() },
    ...(machine === undefined
      ? {}
      : { fits: (header, weightsBytes) => refuseTooLarge(header, weightsBytes, machine) }),
    log,
    now,
  });
} finally {
  file.close();
  // Not waited for: a proxy that never answers would hold the process.
  dispatcher.destroy().catch(() => undefined);
}
// A connection that a server holds open is nothing to wait for.
process.exit(0);
