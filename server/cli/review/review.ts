import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Product } from "../../compose/compose.ts";
import { createRequestIds } from "../../logs/requestIds.ts";
import { CodedError } from "../../protocol/errors.ts";
import { reviewRecordSchema, type ReviewRecord } from "../../protocol/records.ts";
import type { ReviewResult } from "../../protocol/review.ts";
import { recommend } from "../../review/recommend.ts";
import type { ReviewDocument } from "../../review/types.ts";
import { languageOf } from "../../text/languageOf.ts";
import { readText } from "../../workspace/readText.ts";
import { modelReady } from "../modelReady.ts";
import { exitCodes, Interrupted, UsageError, type CommandOutcome } from "../outcome.ts";
import { unsupported } from "../unsupported.ts";
import { describeReview, nameOf, notesOf } from "./describeReview.ts";
import { filesToReview, type FileChoice } from "./reviewFiles.ts";
import { toSarif } from "./sarif.ts";

export interface ReviewFlags {
  /** The revision to compare with; `true`: HEAD. */
  readonly changed?: string | true;
  readonly sarif?: boolean;
  readonly json?: boolean;
  /** List findings that are kept back, too. */
  readonly all?: boolean;
}

type World = Pick<
  Product,
  "reviewer" | "git" | "projects" | "engine" | "clock" | "isStarter" | "version"
>;

/** Longest file that is looked into, in bytes; the reviewer's own limit says why it is skipped. */
const longestFile = 4_000_000;

/**
 * `starcoder review FILE… [--changed [REF]]`: findings of files, one model for all of them.
 * @param signal Ends it; what was reviewed until then is lost.
 * @throws CodedError where nothing can be reviewed at all; UsageError for flags that do not go together;
 * Interrupted.
 */
export async function review(
  product: World,
  names: readonly string[],
  flags: ReviewFlags,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  if (flags.json === true && flags.sarif === true) {
    throw new UsageError("Choose one of --json and --sarif.");
  }
  const choice = choiceOf(names, flags);
  const { since } = choice;
  const paths = await filesToReview(product, choice);
  const files: ReviewRecord["files"] = [];
  const requestIds = createRequestIds("c");
  let loaded: Awaited<ReturnType<typeof modelReady>> | undefined;
  for (const path of paths) {
    const read = await readDocument(path);
    if (read instanceof CodedError) {
      files.push({ file: path, error: read.toData() });
      continue;
    }
    // Asked for only now: where no file can be read, no model is loaded.
    loaded ??= await modelReady(product, signal);
    const requestId = requestIds.nextReview();
    files.push({ file: path, result: await reviewOne(product, read, since, requestId, signal) });
  }
  const failed = files.find(({ error, result }) => (error ?? result?.scoreError) !== undefined);
  const error = failed?.error ?? failed?.result?.scoreError;
  const isAnyReviewed = files.some(({ result }) => result?.scoreError === undefined && result);
  const hasFailed = error !== undefined && !isAnyReviewed;
  // SARIF has a place for failures, and its readers understand nothing else.
  if (hasFailed && flags.sarif !== true) throw CodedError.fromData(error);
  const findings = files.flatMap(({ result }) => result?.findings ?? []);
  const record = reviewRecordSchema.parse({
    files,
    recommendations: recommend(findings),
    ...(loaded === undefined ? {} : modelOf(product, loaded)),
  });
  const isFound = findings.some(({ shown }) => shown);
  return {
    record: flags.sarif === true ? toSarif(record, product.version) : record,
    text: describeReview(record, flags.all === true),
    notes: notesOf(record),
    exitCode: hasFailed ? exitCodes.failed : isFound ? exitCodes.findings : exitCodes.done,
  };
}

/** `--changed FILE` means the file: the revision may be left out, and then the name follows. */
function choiceOf(names: readonly string[], { changed }: ReviewFlags): FileChoice {
  if (changed === undefined) return { names, since: undefined };
  if (changed === true) return { names, since: "HEAD" };
  return existsSync(changed)
    ? { names: [changed, ...names], since: "HEAD" }
    : { names, since: changed };
}

async function readDocument(path: string): Promise<ReviewDocument | CodedError> {
  const read = await readText(path, longestFile);
  const name = nameOf(path);
  if (read.kind === "text") {
    return {
      uri: pathToFileURL(resolve(path)).href,
      // As in an editor that has the working folder open.
      path: (name === path ? basename(path) : name).replaceAll("\\", "/"),
      languageId: languageOf(path),
      version: 1,
      text: read.text,
    };
  }
  return unsupported(path, read.kind);
}

async function reviewOne(
  { reviewer }: World,
  document: ReviewDocument,
  since: string | undefined,
  requestId: string,
  signal: AbortSignal,
): Promise<ReviewResult> {
  const outcome = await reviewer.review(
    {
      document,
      scope: since === undefined ? "file" : "changed",
      trigger: "command",
      requestId,
      ...(since === undefined ? {} : { since }),
    },
    () => undefined,
    signal,
  );
  reviewer.closed(document.uri);
  if (outcome.kind === "done") return outcome.result;
  throw new Interrupted();
}

function modelOf(product: World, { model, backend }: Awaited<ReturnType<typeof modelReady>>) {
  const { used, fallbackReason } = backend;
  return {
    model: {
      name: model.name || model.architecture,
      path: model.path,
      starter: product.isStarter(model.path),
    },
    backend: { used, ...(fallbackReason === undefined ? {} : { fallbackReason }) },
  };
}
