import type { MachineFacts } from "../../protocol/models.ts";
import type { MeasuredSpeed } from "./speeds.ts";

type Place = MachineFacts["backend"];

export interface Speed {
  /** Tokens a second; absent where nothing was measured that tells. */
  readonly prefillPerSecond?: number;
  readonly decodePerSecond?: number;
  /** The measured models are of quite another size: right within a factor of two at best. */
  readonly far?: boolean;
}

/** Seconds that a token takes however small the model is: starting threads, or kernels on a GPU. */
const overhead: Readonly<
  Record<"cpu" | "gpu", { readonly decode: number; readonly prefill: number }>
> = { cpu: { decode: 0.4e-3, prefill: 60e-6 }, gpu: { decode: 1e-3, prefill: 10e-6 } };

/** Models whose sizes differ more are bound by other things. */
const nearFactor = 8;

/**
 * How fast a model runs, from how fast others ran here: writing reads all weights once a token,
 * reading computes with all parameters. The measured model nearest in size tells most.
 */
export function expectedSpeed(
  model: { readonly weightsBytes: number; readonly parameters: number },
  place: Place,
  measured: readonly MeasuredSpeed[],
): Speed {
  const own = overhead[place === "cpu" ? "cpu" : "gpu"];
  const here = measured.filter(({ backend }) => backend === place);
  const prefill = scaled(
    here.map(({ parameters, prefillPerSecond }) => ({ size: parameters, speed: prefillPerSecond })),
    model.parameters,
    own.prefill,
  );
  const decode = scaled(
    here.map(({ weightsBytes, decodePerSecond }) => ({
      size: weightsBytes,
      speed: decodePerSecond,
    })),
    model.weightsBytes,
    own.decode,
  );
  return {
    ...(prefill === undefined ? {} : { prefillPerSecond: prefill.speed }),
    ...(decode === undefined ? {} : { decodePerSecond: decode.speed }),
    ...(prefill?.far === true || decode?.far === true ? { far: true } : {}),
  };
}

/** The speed at a size, from the measured one nearest to it. */
function scaled(
  measured: readonly { readonly size: number; readonly speed: number | undefined }[],
  size: number,
  fixed: number,
): { readonly speed: number; readonly far: boolean } | undefined {
  const distance = (other: number) => Math.abs(Math.log(other / size));
  const [near] = measured
    .flatMap((one) => (one.speed === undefined ? [] : [{ size: one.size, speed: one.speed }]))
    .sort((left, right) => distance(left.size) - distance(right.size));
  if (near === undefined) return undefined;
  const whole = 1 / near.speed;
  // A small model is all overhead, as far as one can tell; at least a fifth is work.
  const work = Math.max(whole - fixed, whole / 5);
  const speed = 1 / ((work * size) / near.size + (whole - work));
  return { speed, far: distance(near.size) > Math.log(nearFactor) };
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
    ...(gpu.far === true || cpu.far === true ? { far: true } : {}),
  };
}
