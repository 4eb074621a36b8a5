import type { Check } from "../check.ts";

/** Log files can be written: without them nobody can tell later what happened. */
export const logFolderCheck: Check = {
  name: "logs",
  title: "Log folder",
  group: "machine",
  why: "Without logs nobody can tell later what happened.",
  async run({ home }) {
    try {
      await home.open();
      await home.tryWriting(home.logs);
    } catch (thrown) {
      const full = thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC";
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      return {
        status: "failed",
        code: full ? "DISK_FULL" : "HOME_NOT_WRITABLE",
        message: reason.includes(home.path) ? reason : `${home.logs}: ${reason}`,
      };
    }
    return { status: "ok", message: `${home.logs} can be written.` };
  },
};
