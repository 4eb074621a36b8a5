import { CodedError } from "../protocol/errors.ts";
import type { NativePack, NativePackages } from "./nativePackages.ts";

/**
 * A package by its name, or by the backend it is for.
 * @throws CodedError `PACK_UNAVAILABLE`
 */
export function findPack(name: string, { base, packs }: NativePackages): NativePack {
  const pack = packs.find((each) => each.name === name || each.backend === name);
  if (pack !== undefined) return pack;
  const names = packs.map((each) => each.name).join(", ");
  const choice =
    names === ""
      ? `This platform has ${base.name} alone.`
      : `There is for this platform: ${names}.`;
  throw new CodedError("PACK_UNAVAILABLE", `${name}. ${choice}`);
}
