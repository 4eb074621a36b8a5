import type { Check } from "../check.ts";
import { formatBytes } from "../../protocol/figures.ts";

const least = 50e6;
const little = 1e9;

/** There is space where logs, statistics and models are kept. */
export const diskCheck: Check = {
  name: "disk",
  title: "Disk",
  group: "machine",
  why: "Logs, statistics, dismissed findings and models are kept in the home folder.",
  async run({ home }) {
    const free = await home.freeBytes(home.path);
    const message = `${formatBytes(free)} free where ${home.path} lies.`;
    if (free < least) return { status: "failed", code: "DISK_FULL", message };
    if (free < little) {
      return {
        status: "warning",
        code: "DISK_FULL",
        message,
        remedy: "Free space before a larger model is fetched.",
      };
    }
    return { status: "ok", message };
  },
};
