import { readFile } from "node:fs/promises";
import { url as inspectorUrl } from "node:inspector";
import { join } from "node:path";
import { readGgufFile } from "../models/ggufFile.ts";
import type { EditorFacts } from "../protocol/editorFacts.ts";
import type { EditorNetwork } from "../protocol/editorNetwork.ts";
import type { SettingProblem } from "../protocol/parseSettings.ts";
import type { Settings } from "../protocol/settings.ts";
import { nodeLlamaCppVersion, packsFolderOf } from "../state/packsFolder.ts";
import { lookForGpus } from "../state/visibleGpus.ts";
import { probeEndpoint } from "./endpoints/probeEndpoint.ts";
import { lookAtFolder, runDocker } from "./machine/docker.ts";
import { createHomeWorld } from "./machine/folders.ts";
import { readGitVersion } from "./machine/git.ts";
import { lookAtHosts } from "./machine/hosts.ts";
import { inspectorPorts } from "./machine/inspectors.ts";
import { verifyModelHash } from "../models/store/modelHash.ts";
import { useOfPort } from "./machine/ports.ts";
import { createSystemWorld } from "./machine/system.ts";
import { probeBinding } from "./probeBinding.ts";
import type { DoctorWorld, ModelWorld, ProductWorld } from "./world.ts";

export interface MachineWorldOptions {
  readonly homePath: string;
  readonly modelPath: string;
  readonly bundledModelPath: string;
  readonly settings: Settings;
  readonly settingProblems: readonly SettingProblem[];
  readonly facts?: EditorFacts;
  readonly version: string;
  /** Folder from which node-llama-cpp is found. */
  readonly productRoot: string;
  readonly familyOf: ModelWorld["familyOf"];
  readonly product: ProductWorld;
  readonly describeEndpoint: DoctorWorld["describeEndpoint"];
  /** Keys of remote engines that the editor keeps, by the address of their entry. */
  readonly endpointKeys: Readonly<Record<string, string>>;
  /** The editor's own network settings. */
  readonly network: EditorNetwork | undefined;
  /** Ends what was started for looking, when the doctor is done. */
  readonly signal: AbortSignal;
}

/** The doctor's view of the machine it runs on. */
export function createMachineWorld(options: MachineWorldOptions): DoctorWorld {
  const { homePath, modelPath, productRoot, settings, signal, facts, version } = options;
  const system = createSystemWorld();
  return {
    system,
    home: createHomeWorld(homePath),
    model: {
      path: modelPath,
      bundled: modelPath === options.bundledModelPath,
      read: once(() => readGgufFile(modelPath)),
      familyOf: options.familyOf,
      hash: (own) =>
        verifyModelHash({
          path: modelPath,
          homePath,
          bundledFolder: join(productRoot, "media", "models"),
          signal: own,
        }),
    },
    settings,
    settingProblems: options.settingProblems,
    ...(facts === undefined ? {} : { facts }),
    versions: { own: version, installed: () => readInstalled(productRoot) },
    probeBinding: once(() => {
      const nodeLlamaCpp = nodeLlamaCppVersion(productRoot);
      const packs = nodeLlamaCpp && packsFolderOf(homePath, nodeLlamaCpp);
      return probeBinding(productRoot, signal, settings.backend, undefined, packs);
    }),
    visibleGpus: () => lookForGpus(),
    lookAtHosts: once(() => lookAtHosts(homePath, version)),
    product: options.product,
    ports: {
      inspectors: inspectorPorts(process.env, process.execArgv, inspectorUrl()),
      useOf: useOfPort,
    },
    containers: { docker: runDocker, look: lookAtFolder },
    git: readGitVersion,
    probeEndpoint: (endpoint, own) =>
      probeEndpoint(endpoint, {
        environment: process.env,
        network: options.network,
        keys: options.endpointKeys,
        now: () => new Date(),
        signal: own,
      }),
    describeEndpoint: options.describeEndpoint,
    now: () => new Date(),
  };
}

/** Several checks ask for the same; it is looked at once. */
function once<Value>(look: () => Promise<Value>): () => Promise<Value> {
  let found: Promise<Value> | undefined;
  return () => (found ??= look());
}

async function readInstalled(productRoot: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(productRoot, "package.json"), "utf8");
    const manifest = JSON.parse(text) as { readonly version?: unknown };
    return typeof manifest.version === "string" ? manifest.version : undefined;
  } catch {
    return undefined;
  }
}
