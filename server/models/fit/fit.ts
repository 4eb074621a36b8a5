import { formatBytes } from "../../protocol/figures.ts";
import type { MachineFacts, ModelFit, ModelShape } from "../../protocol/models.ts";
import { expectedSpeed, mixedSpeed, type Speed } from "./expectedSpeed.ts";
import {
  computeBytes,
  contextStep,
  defaultContext,
  hostSequences,
  kvBytes,
  processBytes,
  smallestContext,
  usualShape,
  type KvType,
} from "./memoryNeeds.ts";
import type { MeasuredSpeed } from "./speeds.ts";
import { isFastEnough, typingSeconds } from "./typing.ts";

/** What is known of a model before it runs. */
export interface ModelNeeds {
  /** Of all its files. */
  readonly weightsBytes: number;
  readonly parameters?: number;
  readonly shape?: ModelShape;
  /** 0 where it is not known. */
  readonly trainContextSize: number;
}

export interface FitOptions {
  /** The setting; 0 or absent: as large as fits, up to the product's default. */
  readonly contextSize?: number;
  /** The setting; absent: chosen. */
  readonly kvType?: KvType;
  /** Speeds measured on this machine. */
  readonly speeds?: readonly MeasuredSpeed[];
}

/** A context below this is used only where nothing else fits. */
export const usefulContext = 2048;

/** How a model would run on this machine: what it takes, where, and how fast. */
export function fitModel(
  needs: ModelNeeds,
  machine: MachineFacts,
  options: FitOptions = {},
): ModelFit {
  const shape = needs.shape ?? usualShape(needs.weightsBytes, needs.parameters);
  const budget = budgetOf(machine);
  const plans = [...plansOf(needs, shape, budget, options)];
  const plan = plans.find(({ fits }) => fits) ?? plans.at(-1);
  if (plan === undefined) throw new RangeError("no plan");
  const speed = speedOf(needs, machine, options.speeds ?? [], plan);
  const fast = isFastEnough(needs, machine, plan.gpuLayers / plan.layers, speed);
  const verdict = !plan.fits ? "tooLarge" : fast ? "fits" : "slow";
  const { layers, gpuLayers, contextSize, kvType } = plan;
  return {
    verdict,
    weightsBytes: needs.weightsBytes,
    kvBytes: plan.kv,
    computeBytes: plan.compute,
    contextSize,
    layers,
    gpuLayers,
    kvType,
    ...measuredOnly(speed),
    reason: reasonOf(verdict, needs, plan, budget, speed),
  };
}

interface Plan {
  readonly fits: boolean;
  readonly layers: number;
  readonly gpuLayers: number;
  readonly contextSize: number;
  readonly kvType: KvType;
  readonly kv: number;
  readonly compute: number;
}

interface Budget {
  /** Bytes that a model may take of the system's memory and of the GPUs'. */
  readonly cpu: number;
  readonly gpu: number;
  /** Both are the same memory. */
  readonly unified: boolean;
}

/**
 * What may be taken: what is free but for a reserve, and half of all in any case, since programs can
 * be closed and a model that runs makes place for the next.
 */
function budgetOf({ totalBytes, availableBytes, gpus, backend }: MachineFacts): Budget {
  const reserve = Math.min(1e9, totalBytes / 10);
  const cpu = Math.max(availableBytes - reserve, totalBytes / 2);
  if (backend === "cpu") return { cpu, gpu: 0, unified: false };
  const sum = (bytes: (gpu: (typeof gpus)[number]) => number): number =>
    gpus.reduce((all, gpu) => all + bytes(gpu), 0);
  const total = sum((gpu) => gpu.totalBytes);
  const free = sum((gpu) => gpu.freeBytes);
  // The engine keeps so much free by itself.
  const gpu = Math.max(free - Math.min(1e9, 0.06 * total), total / 2);
  const unified = backend === "metal" || (gpus.length > 0 && gpus.every((one) => one.unified));
  return { cpu, gpu: unified ? Math.min(gpu, cpu) : gpu, unified };
}

/** Ways to run it, the best first; the last one tells what is missing. */
function* plansOf(
  needs: ModelNeeds,
  shape: ModelShape,
  budget: Budget,
  options: FitOptions,
): Generator<Plan> {
  const { weightsBytes, trainContextSize } = needs;
  // The output counts as a layer, as the engine counts.
  const layers = shape.layers + 1;
  const kvTypes: readonly KvType[] = options.kvType ? [options.kvType] : ["f16", "q8_0"];
  const wanted = options.contextSize ?? 0;
  const contextsOn = (place: "cpu" | "gpu") => {
    const most = Math.min(wanted || defaultContext[place], trainContextSize || Infinity);
    const least = wanted > 0 ? most : Math.min(smallestContext, most);
    return { most, useful: wanted > 0 ? most : Math.min(usefulContext, most), least };
  };
  const own = processBytes(shape);
  const plan = (contextSize: number, kvType: KvType, gpuLayers: number, bytes: number): Plan => {
    const kv = kvBytes(shape, contextSize, kvType);
    const compute = computeBytes(shape, contextSize);
    const place = { contextSize, kvType, kv, layers, gpuLayers };
    const wholly = gpuLayers === layers;
    const fits = wholly
      ? weightsBytes + kv + compute + (budget.unified ? own : 0) <= bytes && own <= budget.cpu
      : ((weightsBytes + kv) * (layers - gpuLayers)) / layers + compute + own <= bytes;
    return { ...place, fits, compute: compute + (wholly && !budget.unified ? 0 : own) };
  };
  const largest = (place: "cpu" | "gpu", least: number, most: number, kvType: KvType): Plan => {
    const bytes = budget[place];
    const gpuLayers = place === "gpu" ? layers : 0;
    const at = (size: number) => plan(size, kvType, gpuLayers, bytes);
    // Large steps suffice to find it, since a context costs the same for each token.
    const [small, large] = [at(least), at(most)];
    if (large.fits || !small.fits) return large.fits ? large : small;
    const spend = (of: Plan) => of.kv + of.compute;
    const perToken = (spend(large) - spend(small)) / (most - least);
    const room = bytes - (weightsBytes + spend(small));
    const size = Math.floor((least + room / perToken) / contextStep) * contextStep;
    const best = at(Math.max(size, least));
    return best.fits ? best : small;
  };
  if (budget.gpu > 0) {
    const { most, useful, least } = contextsOn("gpu");
    for (const from of [useful, least]) {
      for (const kvType of kvTypes) yield largest("gpu", from, most, kvType);
    }
    // With some layers on the GPU each costs its weights and its part of the cache there.
    const [kvType = "f16"] = kvTypes;
    const kv = kvBytes(shape, useful, kvType);
    const onGpu = budget.gpu - computeBytes(shape, useful);
    const count = Math.min(layers - 1, Math.floor((onGpu * layers) / (weightsBytes + kv)));
    if (count > 0 && !budget.unified) yield plan(useful, kvType, count, budget.cpu);
  }
  const { most, useful, least } = contextsOn("cpu");
  for (const from of [useful, least]) {
    for (const kvType of kvTypes) yield largest("cpu", from, most, kvType);
  }
}

function speedOf(
  { weightsBytes, parameters = weightsBytes / 0.62 }: ModelNeeds,
  { backend }: MachineFacts,
  measured: readonly MeasuredSpeed[],
  { gpuLayers, layers }: Plan,
): Speed {
  const model = { weightsBytes, parameters };
  const onCpu = expectedSpeed(model, "cpu", measured);
  if (gpuLayers === 0) return onCpu;
  const onGpu = expectedSpeed(model, backend, measured);
  return gpuLayers === layers ? onGpu : mixedSpeed(onGpu, onCpu, gpuLayers / layers);
}

function measuredOnly({ prefillPerSecond, decodePerSecond }: Speed) {
  return {
    ...(prefillPerSecond === undefined ? {} : { prefillPerSecond }),
    ...(decodePerSecond === undefined ? {} : { decodePerSecond }),
  };
}

function reasonOf(
  verdict: ModelFit["verdict"],
  { weightsBytes }: ModelNeeds,
  plan: Plan,
  budget: Budget,
  speed: Speed,
): string {
  const all = formatBytes(weightsBytes + plan.kv + plan.compute);
  const figures = `${all} (weights ${formatBytes(weightsBytes)}, cache for ${String(hostSequences)} × ${String(plan.contextSize)} tokens ${formatBytes(plan.kv)}, computing ${formatBytes(plan.compute)})`;
  const there =
    budget.gpu > 0 && !budget.unified
      ? `${formatBytes(budget.gpu)} of the GPU's memory and ${formatBytes(budget.cpu)} of the system's`
      : `${formatBytes(budget.unified ? budget.gpu : budget.cpu)} of memory`;
  if (verdict === "tooLarge") return `It needs at least ${figures}; ${there} can be used.`;
  const where =
    plan.gpuLayers === plan.layers
      ? "runs wholly on the GPU"
      : plan.gpuLayers > 0
        ? `runs with ${String(plan.gpuLayers)} of ${String(plan.layers)} layers on the GPU`
        : "runs on the processor";
  const seconds = typingSeconds(speed);
  const pace =
    seconds === undefined
      ? verdict === "slow"
        ? ", too slowly for typing"
        : ""
      : `, a suggestion in about ${seconds < 0.95 ? `${String(Math.max(10, Math.round(seconds * 100) * 10))} ms` : `${seconds.toFixed(1)} s`}${verdict === "slow" ? ", too slowly for typing" : ""}`;
  return `It ${where}${pace}; it takes ${figures} of ${there} that can be used.`;
}
