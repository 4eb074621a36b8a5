import type { Check } from "../check.ts";

const oldest = 20;

/** Node can run the server and the host. */
export const nodeCheck: Check = {
  name: "node",
  title: "Node.js",
  run({ nodeVersion }) {
    const major = Number(/^v?(\d+)/.exec(nodeVersion)?.[1] ?? 0);
    if (major >= oldest) return { status: "ok", message: `Node.js ${nodeVersion}.` };
    return {
      status: "failed",
      message: `Node.js ${nodeVersion} is too old: ${oldest} or newer is needed.`,
      remedy: `Install Node.js ${oldest} or newer.`,
    };
  },
};
