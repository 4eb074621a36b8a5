import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, EngineOutcome, WeighRequest } from "../../../server/engine/engine.ts";
import type { ModelDescription, Usage, WeighResult } from "../../../server/protocol/host.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { chooseAlternatives } from "./chooseAlternatives.ts";

type Looked = WeighResult["alternatives"][number];

/** What is known of one text: its tokens, and each alternative that the model was asked about. */
interface KnownText {
  tokens: WeighResult["tokens"];
  readonly alternatives: Map<string, Looked>;
  usage: Usage;
  milliseconds: number;
}

/** One line of the file. */
interface Saved {
  readonly key: string;
  readonly tokens: readonly (readonly [number, number, number])[];
  readonly alternatives: readonly (readonly [string, Looked])[];
  readonly usage: Usage;
  readonly milliseconds: number;
}

export interface RememberedWeighs {
  readonly engine: Pick<Engine, "weigh">;
  /** Answers that took no model. */
  remembered(): number;
  /** Milliseconds that the model took for an answer when it was asked, by the answer's usage. */
  readonly millisecondsOf: (usage: Usage) => number;
}

const round = (value: number): number => Number(value.toFixed(4));

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 24);
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    queueMs: a.queueMs + b.queueMs,
    prefillMs: a.prefillMs + b.prefillMs,
    decodeMs: a.decodeMs + b.decodeMs,
    evaluatedTokens: a.evaluatedTokens + b.evaluatedTokens,
    reusedTokens: a.reusedTokens + b.reusedTokens,
    generatedTokens: a.generatedTokens + b.generatedTokens,
  };
}

/**
 * Keeps what the model said of each alternative of each text in a file, so that an interrupted run can
 * be continued, and features, curves and budgets can be tried again without the model. Limits are
 * applied to what is remembered as the host applies them, except that an alternative which was
 * weighed to its end counts as given up only where its final odds are below the limit.
 * @param options.resume keep what the file has; otherwise it starts empty.
 * @param options.engine absent: only memory answers, a text that it does not hold fails, and
 * alternatives that it does not hold count as not looked at.
 */
export async function rememberWeighs(options: {
  readonly engine: Pick<Engine, "weigh"> | undefined;
  readonly model: ModelDescription;
  readonly folder: string;
  readonly resume: boolean;
}): Promise<RememberedWeighs> {
  const { engine, model, folder } = options;
  const path = join(folder, "weighs", `${nameOf(model)}.jsonl`);
  await rememberModel(model, folder);
  if (!options.resume) await rm(path, { force: true });
  const known = new Map<string, KnownText>();
  const milliseconds = new WeakMap<Usage, number>();
  let remembered = 0;

  const learn = ({ key, tokens, alternatives, usage, milliseconds: took }: Saved): void => {
    const before = known.get(key);
    const learned = new Map(before?.alternatives);
    for (const [change, looked] of alternatives) learned.set(change, looked);
    known.set(key, {
      tokens: tokens.map(([end, logProbability, bestLogProbability]) => ({
        end,
        logProbability,
        bestLogProbability,
      })),
      alternatives: learned,
      usage: before === undefined ? usage : addUsage(before.usage, usage),
      milliseconds: took + (before?.milliseconds ?? 0),
    });
  };
  const saved = options.resume ? await readFile(path, "utf8").catch(() => "") : "";
  for (const line of saved.split("\n").filter((text) => text.endsWith("}"))) {
    learn(JSON.parse(line) as Saved);
  }

  const weigh: Engine["weigh"] = async (request, onWeighed, signal) => {
    const key = hashOf([request.prefix, request.text, request.from, request.horizon]);
    const missing = missingOf(request, known.get(key));
    if (engine === undefined && !known.has(key)) return { kind: "failed", error: notRemembered };
    if (missing.length === 0 || engine === undefined) remembered += 1;
    else {
      const start = performance.now();
      const outcome = await engine.weigh({ ...request, alternatives: missing }, onWeighed, signal);
      if (outcome.kind !== "done") return outcome;
      const answer = savedOf(key, missing, outcome.value, performance.now() - start);
      learn(answer);
      await appendFile(path, `${JSON.stringify(answer)}\n`);
    }
    const text = known.get(key);
    if (text === undefined) throw new Error("Nothing was learned.");
    milliseconds.set(text.usage, text.milliseconds);
    return answerOf(request, text);
  };
  return {
    engine: { weigh },
    remembered: () => remembered,
    millisecondsOf: (usage) => milliseconds.get(usage) ?? 0,
  };
}

/** What memory says of a text that it does not hold. */
export const notRemembered = new CodedError("VALIDATION_ERROR", "No answer is remembered.");

function nameOf(model: ModelDescription): string {
  return `${model.name || "model"}-${model.fileSizeBytes}`.replace(/[^\w.-]+/g, "_");
}

async function rememberModel(model: ModelDescription, folder: string): Promise<void> {
  await mkdir(join(folder, "weighs"), { recursive: true });
  const path = join(folder, "weighs", `${nameOf(model)}.model.json`);
  await writeFile(path, JSON.stringify(model));
}

/** The description of the model in a file, from an earlier run. @throws where there was none. */
export async function rememberedModel(path: string, folder: string): Promise<ModelDescription> {
  const { size } = await stat(path);
  const names = await readdir(join(folder, "weighs"));
  const name = names.find((each) => each.endsWith(`-${size}.model.json`));
  if (name === undefined) throw new Error(`Nothing is remembered of ${path}.`);
  return JSON.parse(await readFile(join(folder, "weighs", name), "utf8")) as ModelDescription;
}

type Alternatives = WeighRequest["alternatives"];

function changeKey({ changes }: Alternatives[number]): string {
  return hashOf(changes.map(({ start, end, text }) => [start, end, text]));
}

/** Alternatives of a request that must still be asked about. */
function missingOf(request: WeighRequest, text: KnownText | undefined): Alternatives {
  if (text === undefined) return request.alternatives;
  const looked = request.alternatives.map((each) => text.alternatives.get(changeKey(each)));
  const unseen = request.alternatives.filter((_, index) => looked[index] === undefined);
  const chosen = chooseAlternatives(request, looked);
  const unweighed = request.alternatives.filter(
    (_, index) => chosen.has(index) && looked[index]?.odds === undefined,
  );
  return [...unseen, ...unweighed];
}

function answerOf(request: WeighRequest, text: KnownText): EngineOutcome<WeighResult> {
  const looked = request.alternatives.map((each) => text.alternatives.get(changeKey(each)));
  const chosen = chooseAlternatives(request, looked);
  const alternatives = looked.map((each, index): Looked => {
    if (each === undefined) return {};
    const { odds, ...first } = each;
    if (odds === undefined || !chosen.has(index)) return first;
    const complete = odds.complete && odds.change + odds.after >= request.giveUp;
    return { ...first, odds: { ...odds, complete } };
  });
  return { kind: "done", value: { tokens: text.tokens, alternatives, usage: text.usage } };
}

function savedOf(
  key: string,
  asked: Alternatives,
  { tokens, alternatives, usage }: WeighResult,
  milliseconds: number,
): Saved {
  return {
    key,
    tokens: tokens.map(({ end, logProbability, bestLogProbability }) => [
      end,
      round(logProbability),
      round(bestLogProbability),
    ]),
    alternatives: asked.map((each, index) => {
      const { first, written, odds } = alternatives[index] ?? {};
      const looked: Looked = {
        ...(first === undefined ? {} : { first: round(first) }),
        ...(written === undefined ? {} : { written: round(written) }),
        ...(odds === undefined
          ? {}
          : {
              odds: {
                change: round(odds.change),
                after: round(odds.after),
                complete: odds.complete,
              },
            }),
      };
      return [changeKey(each), looked];
    }),
    usage,
    milliseconds: Math.round(milliseconds),
  };
}
