import { readStats } from "../compose/composeStats.ts";
import type { Register } from "./commandLine.ts";
import { describeStats } from "./describeStats.ts";
import { exitCodes } from "./outcome.ts";

/** `starcoder stats`: what was counted on this machine; needs neither server nor host. */
export const registerStats: Register = (program, commandLine) => {
  commandLine
    .add(program, "stats", "what the service did for you, counted on this machine only")
    .action((flags: { json?: boolean }) =>
      commandLine.runPlain(flags, () => {
        const { stats, note } = readStats();
        return Promise.resolve({
          record: stats,
          text: describeStats(stats),
          ...(note === undefined ? {} : { notes: [note] }),
          exitCode: exitCodes.done,
        });
      }),
    );
};
