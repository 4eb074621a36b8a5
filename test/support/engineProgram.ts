/**
 * A server in miniature: starts an engine and prints what it became; ends with its input. With a
 * fourth argument it asks for long texts without an end.
 */
import { systemClock } from "../../server/engine/clock.ts";
import { createHostProcesses } from "../../server/engine/local/hostProcess.ts";
import { createLocalEngine } from "../../server/engine/local/localEngine.ts";
import { hostConfigSchema } from "../../server/protocol/host.ts";

const [homePath = "", hostScript = "", config = "", text] = process.argv.slice(2);
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
  if (text !== undefined) for (let count = 0; count < 6; count += 1) void flood(`${text}${count}`);
  void engine.health().then((health) => {
    if (health.kind === "done") console.log(JSON.stringify({ pid: health.value.pid }));
  });
});

async function flood(prompt: string): Promise<void> {
  const request = {
    ...{ prompt: [{ text: prompt }], heal: "", priority: "typing" as const, maxTokens: 900 },
    sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
    ...{ stopTokens: [], stopStrings: [] },
  };
  const never = new AbortController().signal;
  for (;;) await engine.generate(request, () => undefined, never);
}

engine.start("background");
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
