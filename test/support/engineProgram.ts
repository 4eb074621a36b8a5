/** A server in miniature: starts an engine and prints what it became; ends with its input. */
import { systemClock } from "../../server/engine/clock.ts";
import { createHostProcesses } from "../../server/engine/local/hostProcess.ts";
import { createLocalEngine } from "../../server/engine/local/localEngine.ts";
import { hostConfigSchema } from "../../server/protocol/host.ts";

const [homePath = "", hostScript = "", config = ""] = process.argv.slice(2);
const engine = createLocalEngine({
  homePath,
  config: hostConfigSchema.parse(JSON.parse(config)),
  client: { name: "program", version: "0.0.0" },
  processes: createHostProcesses(hostScript),
  clock: systemClock,
  random: Math.random,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});
engine.onState((state) => {
  if (state.kind === "failed") console.log(JSON.stringify({ code: state.error.code }));
  if (state.kind !== "ready") return;
  void engine.health().then((health) => {
    if (health.kind === "done") console.log(JSON.stringify({ pid: health.value.pid }));
  });
});
engine.start("background");
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
