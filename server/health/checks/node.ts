import type { Check } from "../check.ts";

const oldest = 20;

/** Node can run the server and the host. */
export const nodeCheck: Check = {
  name: "node",
  title: "Node.js",
  group: "machine",
  why: "Server and model host run on it.",
  run({ system: { nodeVersion } }) {
    const major = Number(/^v?(\d+)/.exec(nodeVersion)?.[1] ?? 0);
    if (major >= oldest) return { status: "ok", message: `Node.js ${nodeVersion}.` };
    return {
      status: "failed",
      code: "NODE_UNSUPPORTED",
      message: `Node.js ${nodeVersion}; ${oldest} or newer is needed.`,
    };
  },
};
