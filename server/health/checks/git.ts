import type { Check } from "../check.ts";

/** Git answers. */
export const gitCheck: Check = {
  name: "git",
  title: "Git",
  group: "service",
  why: "Reviews look at what changed since the last commit.",
  async run(world) {
    const found = await world.git();
    if ("version" in found) return { status: "ok", message: `${found.version}.` };
    return { status: "warning", code: "GIT_UNAVAILABLE", message: found.problem };
  },
};
