import { availableParallelism, freemem } from "node:os";
import type * as NodeLlamaCpp from "node-llama-cpp";
import type { Llama, LlamaContext, LlamaModel, Token as LlamaToken } from "node-llama-cpp";
import type { Logger } from "../logs/logger.ts";
import { CodedError } from "../protocol/errors.ts";
import { formatBytes } from "../protocol/figures.ts";
import { reasonNotLoaded, reasonUnused } from "../protocol/gpus.ts";
import type { HostConfig } from "../protocol/host.ts";
import { lookForGpus } from "../state/visibleGpus.ts";
import { chatOf } from "./llamaChat.ts";
import { wrapSequence } from "./llamaSequence.ts";
import { describeModel, specialToken, vocabularyOf } from "./llamaVocabulary.ts";
import { createGpuMemory } from "./gpuMemory.ts";
import type { HostModel } from "./model.ts";
import type { FileIdentity } from "./modelFile.ts";
import { createThreadGovernor } from "./threadGovernor.ts";
import { chooseThreads } from "./threads.ts";

/** Two documents being typed in, speculation, background work. */
const leastSequences = 4;
/**
 * A window whose prompt was given up for another's evaluates it all again at its next key: where
 * sequences are small there are as many as windows that may type at once, and some.
 */
const mostSequences = 12;
/** Sequences beyond the least may take so much together. */
const spareSequenceBytes = 64 * 2 ** 20;
/** A longer context on a CPU takes memory for prompts that would take too long to evaluate. */
const defaultContextSize = { gpu: 8192, cpu: 4096 };
const smallestDefaultContext = 1024;

type Binding = typeof NodeLlamaCpp;

/**
 * Loads a model and creates its sequences; falls back to the CPU and says why.
 * @throws CodedError BINDING_MISSING, MODEL_INVALID, MEMORY_ERROR
 */
export async function loadModel(
  config: HostConfig,
  file: FileIdentity,
  log: Logger,
): Promise<HostModel> {
  const binding = await import("node-llama-cpp").catch((thrown: unknown) => {
    throw new CodedError("BINDING_MISSING", reasonOf(thrown), thrown);
  });
  const { llama, fallbackReason } = await openBackend(binding, config, log);
  try {
    return await loadOn(binding, llama, config, file, fallbackReason);
  } catch (thrown) {
    if (llama.gpu === false) throw codedLoadError(binding, config, thrown);
    const reason = `Loading with ${llama.gpu} failed: ${reasonOf(thrown)}`;
    log.warn("falls back to the CPU", { reason });
    await llama.dispose();
    const cpu = await openCpu(binding, log);
    try {
      return await loadOn(binding, cpu, config, file, reason);
    } catch (second) {
      throw codedLoadError(binding, config, second);
    }
  }
}

/**
 * Opens the backend that is asked for. A GPU that is there is never left aside silently: where the
 * CPU is used instead, there is a reason.
 */
async function openBackend(
  binding: Binding,
  config: HostConfig,
  log: Logger,
): Promise<{ llama: Llama; fallbackReason?: string }> {
  const { backend } = config;
  if (backend === "cpu") return { llama: await openCpu(binding, log) };
  let reason: string | undefined;
  try {
    const llama = await openLlama(binding, backend, log);
    if (llama.gpu !== false && (await llama.getGpuDeviceNames()).length > 0) {
      // Metal is taken for `auto` where there is none.
      if (backend === "auto" || backend === llama.gpu) return { llama };
      return { llama, fallbackReason: `${backend} is not available on this machine.` };
    }
    // The Vulkan library loads without a GPU, and would have the CPU do the work under its name.
    const loaded = llama.gpu === false ? undefined : llama.gpu;
    reason = reasonUnused(lookForGpus(), loaded);
    if (backend !== "auto") {
      reason ??=
        loaded === undefined
          ? `${backend} is not available on this machine.`
          : `The ${loaded} library was loaded and found no GPU that it can use.`;
    }
    if (llama.gpu === false) {
      return { llama, ...(reason === undefined ? {} : { fallbackReason: reason }) };
    }
    await llama.dispose();
  } catch (thrown) {
    reason =
      thrown instanceof binding.NoBinaryFoundError
        ? `The ${backend} library could not be loaded: ${reasonNotLoaded(backend, lookForGpus())}.`
        : `The ${backend} library could not be loaded: ${reasonOf(thrown)}`;
  }
  if (reason !== undefined) log.warn("falls back to the CPU", { reason });
  const llama = await openCpu(binding, log);
  return { llama, ...(reason === undefined ? {} : { fallbackReason: reason }) };
}

function openCpu(binding: Binding, log: Logger): Promise<Llama> {
  return openLlama(binding, false, log).catch((thrown: unknown) => {
    throw new CodedError("BINDING_MISSING", reasonOf(thrown), thrown);
  });
}

function openLlama(
  binding: Binding,
  gpu: "auto" | "cuda" | "vulkan" | "metal" | false,
  log: Logger,
): Promise<Llama> {
  return binding.getLlama({
    build: "never",
    gpu,
    progressLogs: false,
    logLevel: binding.LlamaLogLevel.warn,
    logger: (level, message) => log.debug("llama.cpp", { level, text: message.trimEnd() }),
  });
}

async function loadOn(
  binding: Binding,
  llama: Llama,
  config: HostConfig,
  file: FileIdentity,
  fallbackReason: string | undefined,
): Promise<HostModel> {
  const model = await llama.loadModel({
    modelPath: config.modelPath,
    gpuLayers: llama.gpu === false ? 0 : config.gpuLayers < 0 ? "auto" : config.gpuLayers,
  });
  if (llama.gpu !== false && config.gpuLayers !== 0 && model.gpuLayers === 0) {
    const { free, total } = await llama.getVramState();
    const [left, all] = [free, total].map(formatBytes);
    throw new Error(`No layer of the model fits into its memory, ${left} of ${all} are free.`);
  }
  const threads = chooseThreads(config, llama.cpuMathCores, availableParallelism());
  const governor = createThreadGovernor(threads);
  const size = contextSizeOf(llama, model, config);
  let context = await createContext(binding, llama, model, config, threads.prefill, size);
  const sequencesOf = ({ totalSequences }: LlamaContext) =>
    Array.from({ length: totalSequences }, () => wrapSequence(binding, context.getSequence()));
  const describe = () =>
    describeModel(binding.GgufFileType, model, config, file, context.contextSize);
  let description = describe();
  let sequences = sequencesOf(context);
  const { vocabulary, textOf, detokenize } = vocabularyOf(model);
  return {
    get description() {
      return description;
    },
    backend: {
      requested: config.backend,
      used: llama.gpu === false ? "cpu" : llama.gpu,
      ...(fallbackReason === undefined ? {} : { fallbackReason }),
    },
    modelBytes: model.size,
    layers: { gpu: model.gpuLayers, total: model.fileInsights.totalLayers },
    ...(llama.gpu === false ? {} : { gpuMemory: gpuMemoryOf(llama) }),
    threads,
    useThreads(kind) {
      llama.maxThreads = governor.threads(kind);
    },
    get sequences() {
      return sequences;
    },
    get batchSize() {
      return context.batchSize;
    },
    beginToken: model.tokens.shouldPrependBosToken ? (model.tokens.bos ?? undefined) : undefined,
    tokenize: (text) => (text === "" ? [] : model.tokenize(text, false)),
    special: (text) => specialToken(model, text),
    ...chatOf(binding, llama, model),
    textOf,
    detokenize,
    isEnd: (token) => model.isEogToken(token as LlamaToken),
    get vocabulary() {
      return vocabulary();
    },
    async resize(contextSize) {
      sequences = [];
      await context.dispose();
      context = await createContext(binding, llama, model, config, threads.prefill, contextSize);
      description = describe();
      sequences = sequencesOf(context);
    },
    async dispose() {
      governor.dispose();
      await llama.dispose();
    },
  };
}

function gpuMemoryOf(llama: Llama) {
  const read = async () => {
    const [{ total, used }, devices] = await Promise.all([
      llama.getVramState(),
      llama.getGpuDeviceNames(),
    ]);
    return { totalBytes: total, usedBytes: used, devices };
  };
  return createGpuMemory(read, () => performance.now());
}

/** Tokens one sequence is to hold. */
function contextSizeOf(llama: Llama, model: LlamaModel, config: HostConfig): number {
  const fallback = defaultContextSize[llama.gpu === false ? "cpu" : "gpu"];
  return Math.min(model.trainContextSize, config.contextSize > 0 ? config.contextSize : fallback);
}

async function createContext(
  binding: Binding,
  llama: Llama,
  model: LlamaModel,
  config: HostConfig,
  prefillThreads: number,
  most: number,
): Promise<LlamaContext> {
  const kvType = config.kvType === "q8_0" ? "Q8_0" : "F16";
  const bytesPerToken = bytesPerTokenOf(model, config);
  for (let contextSize = most; ; contextSize = Math.floor(contextSize / 2)) {
    try {
      const sequences = sequencesFor(bytesPerToken * contextSize);
      checkContextMemory(model, bytesPerToken * contextSize * sequences);
      return await model.createContext({
        ...{ contextSize, sequences },
        threads: { ideal: prefillThreads },
        experimentalKvCacheKeyType: kvType,
        experimentalKvCacheValueType: kvType,
      });
    } catch (thrown) {
      const chosen = config.contextSize > 0;
      if (chosen || contextSize / 2 < smallestDefaultContext) {
        throw codedContextError(binding, contextSize, thrown);
      }
    }
  }
}

/** @param bytes what one takes; NaN where that is not known. */
function sequencesFor(bytes: number): number {
  const spare = Math.floor(spareSequenceBytes / bytes);
  return Math.min(mostSequences, leastSequences + (spare > 0 ? spare : 0));
}

function bytesPerTokenOf(model: LlamaModel, config: HostConfig): number {
  const {
    block_count: layers = 0,
    embedding_length: width = 0,
    attention,
  } = model.fileInfo.architectureMetadata;
  const heads = attention?.head_count ?? 1;
  const keyHeads = attention?.head_count_kv ?? heads;
  return 2 * layers * (width / heads) * keyHeads * (config.kvType === "q8_0" ? 1.0625 : 2);
}

/** The engine's own check lets sizes through that the system then kills the process for. */
function checkContextMemory(model: LlamaModel, needed: number): void {
  if (model.gpuLayers > 0) return;
  // Node 20 before 20.13 has no such function.
  const available = "availableMemory" in process ? process.availableMemory() : freemem();
  // A model with a layout of its own gives no number here; the engine's check remains.
  if (!(needed > available)) return;
  const [need, free] = [needed, available].map((bytes) => `${Math.round(bytes / 2 ** 20)} MB`);
  throw new CodedError("MEMORY_ERROR", `The context needs ${need}, ${free} are free.`);
}

function codedLoadError(binding: Binding, config: HostConfig, thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  if (thrown instanceof binding.InsufficientMemoryError) {
    return new CodedError("MEMORY_ERROR", reasonOf(thrown), thrown);
  }
  return new CodedError("MODEL_INVALID", `${config.modelPath}: ${reasonOf(thrown)}`, thrown);
}

function codedContextError(binding: Binding, contextSize: number, thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  const memory =
    thrown instanceof binding.InsufficientMemoryError ||
    /memory|alloc|context/i.test(reasonOf(thrown));
  const detail = `A context of ${contextSize} tokens: ${reasonOf(thrown)}`;
  return new CodedError(memory ? "MEMORY_ERROR" : "INTERNAL_ERROR", detail, thrown);
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
