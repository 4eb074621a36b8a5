import { join } from "node:path";
import { Argument } from "commander";
import { findProductRoot } from "../compose/productRoot.ts";
import { systemClock } from "../engine/clock.ts";
import { createHostProcesses } from "../engine/local/hostProcess.ts";
import type { Service } from "../protocol/repair.ts";
import { restart } from "../repair/restart.ts";
import { locateHome } from "../state/home.ts";
import type { Flags, Register } from "./commandLine.ts";
import { repairOutcome } from "./repairOutcome.ts";

/** `starcoder restart [host|server|all]`: ends them; who uses them starts them anew. */
export const registerRestart: Register = (program, cli) => {
  cli
    .add(program, "restart", "end the model host or the language servers, which come back anew")
    .addArgument(
      new Argument("[SERVICE]", "what to restart")
        .choices(["host", "server", "all"])
        .default("host"),
    )
    .action((service: Service, flags: Flags) =>
      cli.runPlain(flags, async () => {
        const signal = cli.untilInterrupted();
        const record = await restart(service, {
          homePath: locateHome(),
          processes: createHostProcesses(join(findProductRoot(), "dist", "host.mjs")),
          clock: systemClock,
          note: (text) => cli.terminal.error(text),
          signal,
        });
        return repairOutcome(record, signal);
      }),
    );
};
