import type { Clock } from "../engine/clock.ts";
import { startWhenReady } from "../engine/whenReady.ts";
import type { Logger } from "../logs/logger.ts";
import type { Settings } from "../protocol/settings.ts";
import { loadGeneratePrompts, loadRevisePrompts } from "../workflow/prompts.ts";
import type { Workflow } from "../workflow/types.ts";
import { createWorkflow } from "../workflow/workflow.ts";
import { composeReviewer } from "./composeReviewer.ts";
import { nothingKept } from "./nothingKept.ts";
import { readPrompts } from "./promptFiles.ts";

/** Nobody waits at a cursor: the workflow's own seconds bound its reviews. */
const longestReviewSeconds = 3600;

/**
 * Generate → review → revise. Its reviewer leaves no trace, and looks at code in every language, since
 * it was asked for.
 */
export function composeWorkflow(
  parts: Omit<Parameters<typeof composeReviewer>[0], "stores" | "log"> & {
    readonly clock: Clock;
    readonly logger: Logger;
  },
): Workflow {
  const { engine, clock, syntax, productRoot, settings, logger } = parts;
  const log = logger.for("workflow");
  const reviewSettings = (): Settings => ({
    ...settings(),
    "review.mode": "command",
    "review.languages": { "*": true },
    "review.maxSeconds": longestReviewSeconds,
  });
  const reviewer = composeReviewer({
    ...parts,
    log: logger.for("review"),
    settings: reviewSettings,
    stores: nothingKept,
  });
  const read = (file: "generate.md" | "revise.md") =>
    readPrompts({ productRoot, settings: settings() }, file);
  return createWorkflow({
    ...{ engine, clock, syntax, reviewer, random: Math.random, now: () => new Date() },
    whenReady: (atMostMs, signal) =>
      startWhenReady(engine, "explicit", { clock, atMostMs, signal }),
    prompts: {
      generate() {
        const { text, name } = read("generate.md");
        return loadGeneratePrompts(text, name);
      },
      revise() {
        const { text, name } = read("revise.md");
        return loadRevisePrompts(text, name);
      },
    },
    settings() {
      const now = settings();
      return {
        rounds: now["workflow.rounds"],
        minScore: now["workflow.minScore"],
        candidates: now["workflow.candidates"],
        tokens: now["workflow.maxTokens"],
        seconds: now["workflow.maxSeconds"],
        instruct: now["model.instruct"],
      };
    },
    log: { event: (name, fields) => log.info(name, fields) },
  });
}
