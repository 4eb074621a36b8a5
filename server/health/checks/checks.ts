import type { Settings } from "../../protocol/settings.ts";
import type { Check } from "../check.ts";
import { namesOf } from "../endpoints/endpoint.ts";
import { bindingCheck } from "./binding.ts";
import { competitorsCheck } from "./competitors.ts";
import { completionCheck } from "./completion.ts";
import { containersCheck } from "./containers.ts";
import { cpuCheck } from "./cpu.ts";
import { diskCheck } from "./disk.ts";
import { endpointCheck } from "./endpoint.ts";
import { gitCheck } from "./git.ts";
import { gpuCheck } from "./gpu.ts";
import { homeCheck } from "./home.ts";
import { hostCheck } from "./host.ts";
import { inlineSuggestCheck } from "./inlineSuggest.ts";
import { logFolderCheck } from "./logFolder.ts";
import { memoryCheck } from "./memory.ts";
import { modelCheck } from "./model.ts";
import { modelHashCheck } from "./modelHash.ts";
import { nodeCheck } from "./node.ts";
import { platformCheck } from "./platform.ts";
import { portsCheck } from "./ports.ts";
import { quickSuggestionsCheck } from "./quickSuggestions.ts";
import { reviewCheck } from "./review.ts";
import { settingsCheck } from "./settings.ts";
import { sideCheck } from "./side.ts";
import { trustCheck } from "./trust.ts";
import { versionsCheck } from "./versions.ts";

/** In the order in which they are reported, by group. */
const always: readonly Check[] = [
  nodeCheck,
  platformCheck,
  cpuCheck,
  memoryCheck,
  diskCheck,
  gpuCheck,
  homeCheck,
  logFolderCheck,
  bindingCheck,
  modelCheck,
  modelHashCheck,
  hostCheck,
  versionsCheck,
  gitCheck,
  completionCheck,
  reviewCheck,
  settingsCheck,
  inlineSuggestCheck,
  quickSuggestionsCheck,
  competitorsCheck,
  sideCheck,
  trustCheck,
  portsCheck,
];

/** Every check, one for each remote engine among them. */
export function checksFor(settings: Settings): readonly Check[] {
  const endpoints = settings["remote.endpoints"];
  const names = namesOf(endpoints);
  const checks = endpoints.map((endpoint, index) => endpointCheck(endpoint, names[index] ?? ""));
  const isRemote = endpoints.length > 0 && !settings["remote.localFallback"];
  return [
    ...always.map((check) => (isRemote ? withoutLocalModel(check) : check)),
    containersCheck(settings),
    ...checks,
  ];
}

/** What only matters to a model on this machine. */
const ofLocalModel: readonly Check[] = [gpuCheck, bindingCheck, modelCheck, modelHashCheck];

/** Remote engines answer, and nothing stands in for them: the local model need not work. */
function withoutLocalModel(check: Check): Check {
  if (!ofLocalModel.includes(check)) return check;
  const message = "Not looked at: remote engines are used in place of the local model.";
  return { ...check, run: () => ({ status: "skipped", message }) };
}
