import { isSecretPath } from "../completion/context/excluded.ts";
import { detectFamily } from "../completion/prompt/families.ts";
import { fileStart } from "../completion/prompt/fileStart.ts";
import type { Clock } from "../engine/clock.ts";
import type { LocalEngine } from "../engine/local/localEngine.ts";
import { withRequestId } from "../engine/withRequestId.ts";
import { startWhenReady } from "../engine/whenReady.ts";
import type { Logger } from "../logs/logger.ts";
import type { ModelDescription } from "../protocol/host.ts";
import type { RuleId } from "../protocol/review.ts";
import { isLanguageReviewed, type Settings } from "../protocol/settings.ts";
import { createCommentReviewer } from "../review/comments/comments.ts";
import { isInstruct } from "../review/comments/instruct.ts";
import { loadReviewPrompts } from "../review/comments/prompt.ts";
import { scorerFor } from "../review/comments/score.ts";
import { curveFor } from "../review/likelihood/curves.ts";
import { createLikelihoodReviewer } from "../review/likelihood/likelihoodReviewer.ts";
import { createReviewer } from "../review/review.ts";
import type { ReviewerDependencies } from "../review/dependencies.ts";
import type { Reviewer } from "../review/types.ts";
import { createDismissals } from "../state/dismissals.ts";
import { createSnapshots } from "../state/snapshots.ts";
import type { Syntax } from "../syntax/syntaxService.ts";
import { fileOf } from "../workspace/fileOf.ts";
import type { Git } from "../workspace/git.ts";
import type { Projects } from "../workspace/projects.ts";
import { readPrompts } from "./promptFiles.ts";

/** Review by likelihood with any model, by comments and score with one that follows instructions. */
export function composeReviewer(parts: {
  readonly engine: LocalEngine;
  readonly clock: Clock;
  readonly syntax: Syntax;
  readonly projects: Projects;
  readonly git: Git;
  readonly homePath: string;
  readonly productRoot: string;
  readonly log: Logger;
  readonly settings: () => Settings;
  /** Where what was reviewed and dismissed is kept, in place of the home. */
  readonly stores?: Pick<ReviewerDependencies, "snapshots" | "dismissals">;
}): Reviewer {
  const { engine, clock, syntax, projects, git, homePath, settings } = parts;
  const log: Parameters<typeof createReviewer>[0]["log"] = {
    event: (name, fields) => parts.log.info(name, fields),
  };
  const isOn = (rule: RuleId) => settings()["review.rules"][rule] ?? true;
  const chunkSettings = () => ({ minConfidence: settings()["review.minConfidence"], isOn });
  const instruct = () => (settings()["review.comments"] ? settings()["model.instruct"] : "off");
  const prompts = () => {
    const { text, name } = readPrompts(
      { productRoot: parts.productRoot, settings: settings() },
      "review.md",
    );
    return loadReviewPrompts(text, name);
  };
  const familyOf = (model: ModelDescription) => {
    const family = detectFamily(model);
    return family && { id: family.id, fileStart: (path: string) => fileStart(family, path) };
  };
  const likelihoodReviewer = (requestId: string, uri: string) =>
    createLikelihoodReviewer({
      ...{ engine: withRequestId(engine, requestId, uri), syntax, familyOf },
      settings: chunkSettings,
    });
  const commentReviewer = (requestId: string, uri: string) =>
    createCommentReviewer({
      engine: withRequestId(engine, requestId, uri),
      prompts,
      fileStart: (model, path) => familyOf(model)?.fileStart(path) ?? [],
      settings: () => ({ ...chunkSettings(), instruct: instruct() }),
      log: { event: (name, fields) => log.event(name, { requestId, ...fields }) },
    });
  return createReviewer({
    engine,
    whenReady: (atMostMs, reason, signal) =>
      startWhenReady(engine, reason, { clock, atMostMs, signal }),
    clock,
    syntax,
    chunkReviewers: (model, requestId, uri) => [
      likelihoodReviewer(requestId, uri),
      ...(isInstruct(model, instruct()) ? [commentReviewer(requestId, uri)] : []),
    ],
    scoreByModel: (model, requestId, uri) =>
      scorerFor({ engine: withRequestId(engine, requestId, uri), prompts, instruct }, model),
    curveOf(model) {
      const { name, own } = curveFor(model, familyOf(model)?.id ?? "");
      return { name, own };
    },
    committed(uri, revision) {
      const path = fileOf(uri);
      return path === undefined
        ? Promise.resolve({ kind: "noRepository" })
        : git.textAt(path, revision);
    },
    ...(parts.stores ?? {
      snapshots: createSnapshots(homePath),
      dismissals: createDismissals(homePath),
    }),
    isIgnored: (uri) => projects.isIgnored(uri),
    isSecret: isSecretPath,
    settings() {
      const now = settings();
      return {
        isReviewed: (languageId) => isLanguageReviewed(now, languageId),
        isOn,
        maxSeconds: now["review.maxSeconds"],
        key: JSON.stringify([now["review.minConfidence"], now["review.rules"], instruct()]),
      };
    },
    log,
  });
}
