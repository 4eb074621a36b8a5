import type { Check } from "../check.ts";

/** Those for which the native library is built. */
const supported: Readonly<Record<string, readonly string[]>> = {
  linux: ["x64", "arm64", "arm"],
  darwin: ["x64", "arm64"],
  win32: ["x64", "arm64"],
};

/** There is a native library for the system and the processor. */
export const platformCheck: Check = {
  name: "platform",
  title: "Operating system",
  group: "machine",
  why: "The native library exists for some systems and processors only.",
  run({ system: { platform, arch, release } }) {
    const what = `${platform} ${release} on ${arch}`;
    if (supported[platform]?.includes(arch) === true) return { status: "ok", message: `${what}.` };
    const message = `There is no native library for ${what}.`;
    return { status: "failed", code: "PLATFORM_UNSUPPORTED", message };
  },
};
