import type { MachineFacts } from "../../protocol/models.ts";
import type { MeasuredSpeed } from "./speeds.ts";

type Place = MachineFacts["backend"];

export interface Speed {
  /** Tokens a second; absent where nothing was measured that tells. */
  readonly prefillPerSecond?: number;
  readonly decodePerSecond?: number;
}

/** Seconds that a token takes however small the model is: starting threads, or kernels on a GPU. */
const overhead: Readonly<
  Record<"cpu" | "gpu", { readonly decode: number; readonly prefill: number }>
> = { cpu: { decode: 0.4e-3, prefill: 60e-6 }, gpu: { decode: 1e-3, prefill: 10e-6 } };

/** All cores together read about so many times faster than one. */
const coresOverOne = 1.5;

/**
 * How fast a model runs, from how fast others ran here: writing reads all weights once a token,
 * reading computes with all parameters. The measured model nearest in size tells most.
 */
export function expectedSpeed(
  model: { readonly weightsBytes: number; readonly parameters: number },
  place: Place,
  measured: readonly MeasuredSpeed[],
  memoryBandwidth?: number,
): Speed {
  const own = overhead[place === "cpu" ? "cpu" : "gpu"];
  const scaled = (
    size: (of: { weightsBytes: number; parameters: number }) => number,
    speed: (of: MeasuredSpeed) => number | undefined,
    fixed: number,
  ): number | undefined => {
    const distance = (other: MeasuredSpeed) => Math.abs(Math.log(size(other) / size(model)));
    const near = measured
      .filter((other) => other.backend === place && speed(other) !== undefined)
      .sort((left, right) => distance(left) - distance(right))[0];
    if (near === undefined) return undefined;
    const whole = 1 / (speed(near) ?? 1);
    // A small model is all overhead, as far as one can tell; at least a fifth is work.
    const work = Math.max(whole - fixed, whole / 5);
    return 1 / ((work * size(model)) / size(near) + (whole - work));
  };
  const prefill = scaled(
    ({ parameters }) => parameters,
    ({ prefillPerSecond }) => prefillPerSecond,
    own.prefill,
  );
  const decode =
    scaled(
      ({ weightsBytes }) => weightsBytes,
      ({ decodePerSecond }) => decodePerSecond,
      own.decode,
    ) ??
    (place === "cpu" && memoryBandwidth !== undefined
      ? 1 / (model.weightsBytes / (memoryBandwidth * coresOverOne) + own.decode)
      : undefined);
  return {
    ...(prefill === undefined ? {} : { prefillPerSecond: prefill }),
    ...(decode === undefined ? {} : { decodePerSecond: decode }),
  };
}

/** The speed with so large a share of the layers on the GPU; what is not known of either is absent. */
export function mixedSpeed(gpu: Speed, cpu: Speed, gpuShare: number): Speed {
  const mix = (fast: number | undefined, slow: number | undefined): number | undefined =>
    fast === undefined || slow === undefined
      ? undefined
      : 1 / (gpuShare / fast + (1 - gpuShare) / slow);
  const prefill = mix(gpu.prefillPerSecond, cpu.prefillPerSecond);
  const decode = mix(gpu.decodePerSecond, cpu.decodePerSecond);
  return {
    ...(prefill === undefined ? {} : { prefillPerSecond: prefill }),
    ...(decode === undefined ? {} : { decodePerSecond: decode }),
  };
}
