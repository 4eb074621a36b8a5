import { createBalancedEngine } from "../../server/engine/remote/balance/balancedEngine.ts";
import { createLatencyWindow } from "../../server/engine/remote/balance/latencyWindow.ts";
import { timeLimitMs } from "../../server/engine/remote/balance/timeLimit.ts";
import type { GenerateRequest } from "../../server/engine/engine.ts";
import { createEventClock } from "./balance/eventClock.ts";
import { measureServiceTimes } from "./balance/measure.ts";
import { createSimulatedEngine, type ServiceTimes } from "./balance/simulatedEngine.ts";
import { percentile } from "./percentile.ts";

/*
 * The real balancer over simulated endpoints, on simulated time: how throughput grows with the
 * endpoints, how many requests find their prompt's beginning, and what an endpoint's death costs.
 */

/** People at each endpoint, each of whom asks again as soon as there is an answer. */
const peopleEach = 6;
const secondsEach = 20;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The same numbers in each run: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

async function simulate(endpoints: number, times: ServiceTimes, dies: boolean) {
  const clock = createEventClock();
  const random = createRandom(endpoints);
  const members = Array.from({ length: endpoints }, (_, index) =>
    createSimulatedEngine(`engine-${index}`, clock, random, times, asked),
  );
  const firstTokens = createLatencyWindow(512);
  /** Where each file was asked about last, and the files that the dead one was working on. */
  const places = new Map<string, string>();
  const orphans = new Set<string>();
  const moves: number[] = [];
  let limitMs = Infinity;

  function asked(name: string, file: string): void {
    if (orphans.delete(file)) moves.push(clock.now() - deathAt);
    places.set(file, name);
  }

  function die(): void {
    limitMs = timeLimitMs(firstTokens, 30_000);
    for (const [file, name] of places) if (name === "engine-0") orphans.add(file);
    members[0]?.die();
  }

  const engine = createBalancedEngine({
    ...{ members, clock, random, log: silent, timeoutMs: () => 30_000 },
  });
  engine.start("background");
  const endAt = secondsEach * 1000;
  const deathAt = endAt / 2;
  const waits: { readonly at: number; readonly ms: number }[] = [];
  let [done, lost, open] = [0, 0, 0];

  function type(person: number): void {
    const request: GenerateRequest = {
      ...{ affinity: `file:///person-${person}.ts`, prompt: [{ text: "let a" }], heal: "" },
      ...{ priority: "typing", maxTokens: 32, stopTokens: [], stopStrings: [] },
      sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
    };
    const at = clock.now();
    open += 1;
    let first = true;
    const onToken = (): void => {
      if (first) firstTokens.add(clock.now() - at);
      first = false;
    };
    void engine.generate(request, onToken, new AbortController().signal).then((outcome) => {
      open -= 1;
      if (outcome.kind === "done") done += clock.now() <= endAt ? 1 : 0;
      else lost += 1;
      waits.push({ at, ms: clock.now() - at });
      if (clock.now() < endAt) type(person);
    });
  }

  for (let person = 0; person < endpoints * peopleEach; person += 1) type(person);
  if (dies) clock.after(deathAt, die);
  await clock.run(() => clock.now() >= endAt && open === 0);
  const requests = members.reduce((sum, { counts }) => sum + counts.requests, 0);
  const cached = members.reduce((sum, { counts }) => sum + counts.cached, 0);
  engine.dispose();
  return {
    perSecond: done / secondsEach,
    cachedShare: cached / requests,
    lost,
    open,
    p95: percentile(
      waits.map(({ ms }) => ms),
      0.95,
    ),
    limitMs,
    movedAfterMs: Math.max(...moves),
    moved: moves.length,
  };
}

const times = await measureServiceTimes();
console.log(`Service times: ${times.source}`);
console.log(
  `  first token ${times.cachedMs.toFixed(1)} ms with the beginning cached, ${times.freshMs.toFixed(1)} ms without; ${times.tokenMs.toFixed(1)} ms a token`,
);
let failures = 0;
const one = await simulate(1, times, false);
for (const endpoints of [1, 2, 4, 8, 16, 32, 64]) {
  const run = await simulate(endpoints, times, false);
  const scale = run.perSecond / one.perSecond / endpoints;
  const isGood = scale >= 0.9 && run.cachedShare >= 0.85 && run.lost === 0;
  if (!isGood) failures += 1;
  console.log(
    `${String(endpoints).padStart(2)} endpoints: ${run.perSecond.toFixed(1)} requests/s = ${scale.toFixed(3)} N, ${(run.cachedShare * 100).toFixed(1)} % where their beginning is, p95 ${run.p95.toFixed(0)} ms, ${run.lost} lost ${isGood ? "" : "  FAILED"}`,
  );
}
for (const endpoints of [2, 4, 16, 64]) {
  const run = await simulate(endpoints, times, true);
  // What it gave last before it died was given a moment before; what runs at the others is slower then.
  const isGood = run.lost === 0 && run.open === 0 && run.movedAfterMs <= run.limitMs * 1.1;
  if (!isGood) failures += 1;
  console.log(
    `One of ${endpoints} dies silently: ${run.lost} requests lost; the ${run.moved} under way there were asked elsewhere within ${run.movedAfterMs.toFixed(0)} ms, the time limit was ${run.limitMs.toFixed(0)} ms ${isGood ? "" : "  FAILED"}`,
  );
}
process.exitCode = failures === 0 ? 0 : 1;
