import type { MachineFacts } from "../../protocol/models.ts";
import type { Speed } from "./expectedSpeed.ts";

/** What a usual keystroke costs once the file was read: a few tokens read, a line written. */
const usualKeystroke = { prefill: 8, decode: 10 } as const;
/** The default deadline: what comes later meets a text that has gone on. */
const patienceSeconds = 0.6;

/** How long a suggestion takes while typing; undefined where the speeds are not known. */
export function typingSeconds({ prefillPerSecond, decodePerSecond }: Speed): number | undefined {
  if (decodePerSecond === undefined) return undefined;
  const reading = prefillPerSecond === undefined ? 0 : usualKeystroke.prefill / prefillPerSecond;
  return reading + usualKeystroke.decode / decodePerSecond;
}

/**
 * Whether a model keeps up with typing: by the speeds expected here; where none was measured, or only
 * of models of quite another size, also by what such machines usually do.
 * @param gpuShare how much of it is on the GPU, 0 to 1
 */
export function isFastEnough(
  { weightsBytes, parameters = weightsBytes / 0.62 }: { weightsBytes: number; parameters?: number },
  machine: MachineFacts,
  gpuShare: number,
  speed: Speed,
): boolean {
  const seconds = typingSeconds(speed);
  if (seconds === undefined) return isUsuallyFast(parameters, machine, gpuShare);
  if (speed.far !== true) return seconds <= patienceSeconds;
  if (seconds <= patienceSeconds / 2) return true;
  return seconds <= patienceSeconds * 2 && isUsuallyFast(parameters, machine, gpuShare);
}

function isUsuallyFast(parameters: number, machine: MachineFacts, gpuShare: number): boolean {
  const unified = machine.backend === "metal" || machine.gpus.every((gpu) => gpu.unified);
  if (gpuShare === 1 && !unified) return true;
  // Of Apple's chips, those with much memory are the ones that read it fast.
  if (gpuShare === 1 && machine.backend === "metal") {
    return parameters <= (machine.totalBytes > 24e9 ? 8e9 : 4e9);
  }
  if (gpuShare >= 0.9) return parameters <= 4e9;
  return parameters <= (machine.cores >= 4 ? 1.7e9 : 0.6e9);
}
