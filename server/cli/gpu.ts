import { join } from "node:path";
import type { Command } from "commander";
import type { Product } from "../compose/compose.ts";
import { probeBinding } from "../health/probeBinding.ts";
import { probeMachine } from "../health/probeMachine.ts";
import { readMachine } from "../models/fit/machine.ts";
import { cleanPacks } from "../packs/cleanPacks.ts";
import { fetchPackages } from "../packs/fetchPackages.ts";
import { installPack } from "../packs/installPack.ts";
import { listPacks } from "../packs/listPacks.ts";
import { recommendPack } from "../packs/recommendPack.ts";
import { removePack } from "../packs/removePack.ts";
import { CodedError } from "../protocol/errors.ts";
import {
  gpuRecordSchema,
  obstacleTo,
  reasonUnused,
  type GpuRecord,
  type VisibleGpus,
} from "../protocol/gpus.ts";
import { freeBytesAt } from "../state/freeBytes.ts";
import { locateHome } from "../state/home.ts";
import { nodeLlamaCppVersion } from "../state/packsFolder.ts";
import { lookForGpus } from "../state/visibleGpus.ts";
import type { CommandLine, Flags, Register } from "./commandLine.ts";
import { describeGpu } from "./gpu/describeGpu.ts";
import { tryBackend } from "./gpu/tryBackend.ts";
import { exitCodes, Interrupted, type CommandOutcome } from "./outcome.ts";
import { addFactsOption, readFacts, type FactsFlags } from "./readFacts.ts";
import { toSeconds } from "./toSeconds.ts";

interface GpuFlags extends Flags, FactsFlags {
  readonly limit?: number;
  readonly force?: boolean;
}

/** A driver may take long when it is loaded for the first time. */
const probeLimitMs = 120_000;
const fetchLimitSeconds = 3600;

/** `starcoder gpu …`: the native libraries for GPUs. */
export const registerGpu: Register = (program, cli) => {
  const act =
    (run: (product: Product, flags: GpuFlags, name: string) => Promise<CommandOutcome>) =>
    (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const flags = command.optsWithGlobals<GpuFlags>();
      return cli.run(flags, (product) => run(product, flags, command.args[0] ?? ""));
    };
  const gpu = cli
    .add(program, "gpu", "what of this machine's GPUs is used, and libraries to use them with")
    .enablePositionalOptions();
  addFactsOption(gpu).action(act((product) => status(product, cli)));
  addFactsOption(cli.add(gpu, "status", "which backend works here, and what could be installed"))
    // What is printed when no command is named.
    .action(act((product) => status(product, cli)));
  addFactsOption(cli.add(gpu, "install", "fetch a library for the GPU, try it, and use it"))
    .argument("[NAME]", "a package such as linux-x64-cuda, or a backend; what suits by default")
    .option("--limit <SECONDS>", "how long fetching may take", toSeconds, fetchLimitSeconds)
    .option("--force", "fetch it although this machine lacks what it needs")
    .action(act((product, flags, name) => install(product, flags, name, cli)));
  addFactsOption(cli.add(gpu, "remove", "remove a library that was installed"))
    .argument("<NAME>", "a package such as linux-x64-cuda, or a backend")
    .action(act((product, _flags, name) => remove(product, name, cli)));
};

async function status(product: Product, cli: CommandLine): Promise<CommandOutcome> {
  return outcomeOf(await readGpus(product, cli.untilInterrupted()));
}

async function install(
  product: Product,
  flags: GpuFlags,
  name: string,
  cli: CommandLine,
): Promise<CommandOutcome> {
  const facts = await readFacts(flags.facts);
  const signal = cli.untilInterrupted();
  const { productRoot } = product;
  const homePath = locateHome();
  const wanted = name === "" ? await choose(product, signal) : name;
  try {
    const installed = await installPack({
      ...{ homePath, productRoot, name: wanted, signal },
      note: (line) => cli.terminal.error(line),
      fetch: (job) =>
        fetchPackages(job, {
          script: join(productRoot, "dist", "install.mjs"),
          limitMs: (flags.limit ?? fetchLimitSeconds) * 1000,
          signal,
          code: "PACK_FAILED",
          network: facts?.network,
        }),
      probe: (backend, folder) => probeBinding(productRoot, signal, backend, probeLimitMs, folder),
      trySuggestion: (home, backend) => tryBackend(product, home, backend, signal),
      obstacle: (backend) => {
        return flags.force === true ? undefined : obstacleTo(backend, lookForGpus());
      },
      freeBytes: freeBytesAt,
    });
    return outcomeOf({ ...(await readGpus(product, signal)), installed });
  } catch (thrown) {
    if (signal.aborted) throw new Interrupted();
    throw thrown;
  }
}

/** What suits this machine. */
async function choose(product: Product, signal: AbortSignal): Promise<string> {
  const { machine, recommendation } = await readGpus(product, signal);
  if (recommendation !== undefined) return recommendation.name;
  const found = lookForGpus();
  const why =
    machine.backend === "cpu"
      ? (machine.fallbackReason ??
        reasonUnused(found) ??
        "No GPU was found that a library could use.")
      : `${machine.backend} is in use already.`;
  throw new CodedError("PACK_UNAVAILABLE", why);
}

async function remove(product: Product, name: string, cli: CommandLine): Promise<CommandOutcome> {
  const { productRoot } = product;
  const freedBytes = removePack(name, { homePath: locateHome(), productRoot });
  const record = await readGpus(product, cli.untilInterrupted());
  return outcomeOf({ ...record, removed: { name, freedBytes } });
}

async function readGpus({ productRoot }: Product, signal: AbortSignal): Promise<GpuRecord> {
  const homePath = locateHome();
  const version = nodeLlamaCppVersion(productRoot);
  if (version !== undefined) cleanPacks(homePath, version);
  const machine = await readMachine({
    homePath,
    requested: "auto",
    fresh: true,
    probe: () => probeMachine({ productRoot, homePath, requested: "auto", signal }),
  });
  if (signal.aborted) throw new Interrupted();
  const packs = [...listPacks({ homePath, productRoot })];
  const found = lookForGpus();
  const recommendation = recommendPack(found, packs, machine.backend);
  return {
    machine,
    packs,
    ...(machine.backend === "cpu" ? { lacking: lackingFor(packs, found) } : {}),
    ...(recommendation === undefined ? {} : { recommendation }),
  };
}

/** What each kind of GPU support that could be used on this platform lacks on this machine. */
function lackingFor(packs: GpuRecord["packs"], found: VisibleGpus): string[] {
  const backends = new Set(packs.map(({ backend }) => backend));
  return (["cuda", "vulkan"] as const).flatMap((backend) => {
    const obstacle = backends.has(backend) ? obstacleTo(backend, found) : undefined;
    return obstacle === undefined ? [] : [`For ${backend}, ${obstacle}.`];
  });
}

function outcomeOf(raw: GpuRecord): CommandOutcome {
  const record = gpuRecordSchema.parse(raw);
  return { record, text: describeGpu(record), exitCode: exitCodes.done };
}
