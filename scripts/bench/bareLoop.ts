/**
 * A bare node-llama-cpp loop, as simple as it gets, in a process with one libuv thread: prints the
 * tokens a second of one greedy generation for each line it reads. `bareLoop.ts MODEL TOKENS TEXT`.
 */
import { createInterface } from "node:readline";
import { availableParallelism } from "node:os";
import { getLlama } from "node-llama-cpp";
import { chooseThreads } from "../../server/host/threads.ts";

const [modelPath = "", tokensEach = "32", text = ""] = process.argv.slice(2);
const llama = await getLlama({ build: "never", gpu: false, progressLogs: false });
const automatic = { threads: 0, prefillThreads: 0 };
const { decode } = chooseThreads(automatic, llama.cpuMathCores, availableParallelism());
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 1024, threads: decode });
const sequence = context.getSequence();
const prompt = model.tokenize(text, false);

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "end") break;
  await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
  await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(sequence.nextTokenIndex, -1));
  const times: number[] = [];
  const options = { temperature: 0, yieldEogToken: true };
  const tokens = sequence.evaluate(prompt.slice(-1), options);
  while (times.length < Number(tokensEach) && (await tokens.next()).done !== true) {
    times.push(performance.now());
  }
  await tokens.return();
  console.log((1000 * (times.length - 1)) / ((times.at(-1) ?? 0) - (times[0] ?? 0)));
}
process.exit(0);
