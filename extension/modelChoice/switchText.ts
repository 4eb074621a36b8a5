import { formatSeconds } from "../../server/protocol/downloadText.ts";
import type { UseModelRecord } from "../../server/protocol/models.ts";

const backendNames = {
  cpu: "on the CPU",
  cuda: "on the GPU by CUDA",
  vulkan: "on the GPU by Vulkan",
  metal: "on the GPU by Metal",
} as const;

/** What a switch came to, with how long model and suggestion took. */
export function switchText({ model, trial }: UseModelRecord): string {
  const { backend, fallbackReason, loadMs, completionMs } = trial;
  const sentences = [
    `StarCoder now uses ${model.name}, ${backendNames[backend]}: loaded in ${formatMs(loadMs)}, a suggestion in ${formatMs(completionMs)}.`,
    ...(fallbackReason === undefined ? [] : [endSentence(fallbackReason)]),
  ];
  return sentences.join(" ");
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** `340 ms`, `2.5 s`, `1 min 5 s`. */
function formatMs(ms: number): string {
  if (ms < 1000) return `${String(Math.round(ms))} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : formatSeconds(ms / 1000);
}
