import { detectFamily } from "../completion/prompt/families.ts";
import type { Completer } from "../completion/types.ts";
import type { Clock } from "../engine/clock.ts";
import type { LocalEngine } from "../engine/local/localEngine.ts";
import { runDoctor } from "../health/doctor.ts";
import { createMachineWorld } from "../health/machineWorld.ts";
import type { GgufFile } from "../models/ggufFile.ts";
import type { EditorFacts } from "../protocol/editorFacts.ts";
import type { EditorNetwork } from "../protocol/editorNetwork.ts";
import { parseSettings } from "../protocol/parseSettings.ts";
import type { DoctorReport } from "../protocol/records.ts";
import type { Settings } from "../protocol/settings.ts";
import type { Reviewer } from "../review/types.ts";
import { readChosenModel } from "../state/chosenModel.ts";
import type { Syntax } from "../syntax/syntaxService.ts";
import { describeEndpoint } from "./describeEndpoint.ts";
import { createTrials } from "./doctorTrials.ts";
import { remoteEndpointsOf } from "./remoteEndpoints.ts";
import { chooseModel } from "./fromSettings.ts";

export interface DoctorRequest {
  /** The slow checks, too: the hash of the model and a test review. */
  readonly full?: boolean;
  /** What only the editor knows; checks of it are skipped without. */
  readonly facts?: EditorFacts;
}

export interface DoctorParts {
  readonly version: string;
  readonly homePath: string;
  readonly productRoot: string;
  readonly bundledModelPath: string;
  readonly engine: LocalEngine;
  readonly completer: Completer;
  readonly reviewer: Reviewer;
  readonly syntax: Syntax;
  readonly clock: Clock;
  /** Those in force: they decide about model and backend. */
  readonly settings: Settings;
  /** Keys of remote engines that the editor keeps, by the address of their entry. */
  readonly endpointKeys: Readonly<Record<string, string>>;
  /** The editor's own network settings as the engines have them; facts that are given go before. */
  readonly network: EditorNetwork | undefined;
}

/** Examines the machine for a product; never rejects. */
export async function examine(parts: DoctorParts, request: DoctorRequest): Promise<DoctorReport> {
  const { settings, bundledModelPath, clock } = parts;
  const { full = false, facts } = request;
  const model = chooseModel(settings, bundledModelPath, readChosenModel(parts.homePath));
  const abort = new AbortController();
  const network = facts === undefined ? parts.network : facts.network;
  const world = createMachineWorld({
    ...parts,
    network,
    modelPath: model.path,
    settingProblems: [...parseSettings(facts?.settings).problems, ...model.problems],
    ...(facts === undefined ? {} : { facts }),
    familyOf: familyOfFile,
    product: createTrials(parts),
    describeEndpoint: async (entry, signal) => {
      const [endpoint] = remoteEndpointsOf([entry], parts.endpointKeys, process.env);
      if (endpoint === undefined) throw new Error("An entry has an endpoint.");
      return describeEndpoint(endpoint, { clock, env: process.env, network, signal });
    },
    signal: abort.signal,
  });
  try {
    return await runDoctor({ world, clock, full });
  } finally {
    abort.abort();
  }
}

function familyOfFile(file: GgufFile): string | undefined {
  const { architecture, name, tokenizerPre, parameters, quantization, trainContextSize } = file;
  const { specialTokens, vocabularySize, sizeBytes: fileSizeBytes } = file;
  return detectFamily({
    ...{ architecture, name, tokenizerPre, parameters, quantization, trainContextSize },
    ...{ vocabularySize, fileSizeBytes },
    specialTokens: [...specialTokens],
    path: "",
    contextSize: trainContextSize,
  })?.id;
}
