import { CodedError } from "../../protocol/errors.ts";
import type { GenerateResult, TokenNotification, Usage } from "../../protocol/host.ts";
import { createStopFinder } from "../../text/stopStrings.ts";
import type { EngineOutcome, GenerateRequest, WarmRequest } from "../engine.ts";
import type { Dialect, StreamItem } from "./dialects/dialect.ts";
import { createHealedText } from "./healedText.ts";
import type { EventSaid } from "./transport/readEvents.ts";
import type { Transport } from "./transport/transport.ts";
import { settle } from "./settle.ts";
import { createStreamMeter, type StreamMeter } from "./usageMeter.ts";

export interface StreamingOptions {
  readonly dialect: Dialect;
  readonly transport: Transport;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

type OnToken = (token: Omit<TokenNotification, "id">) => void;

/** A server generates one token, or none, after a prompt that is only to be evaluated. */
const mostWarmingTokens = 4;
/**
 * In place of a probability that a server does not tell: nine in ten. By it a suggestion of a few
 * tokens is shown unasked, and a long one only when it is asked for; certainty would show everything.
 * Chosen by that, not measured.
 */
const untoldLogProbability = Math.log(0.9);
/** More tokens than this spell nothing: a server that goes on does not heed its limits. */
const mostSpellingTokens = 200;

/**
 * Generates over HTTP what the local engine generates: text without the part it must begin with,
 * whole characters, nothing of a stop string. Stop strings are looked for here alone: llama-server
 * drops text that it held back as the beginning of one when its limit is reached, and TGI takes four.
 */
export function generate(
  options: StreamingOptions,
  request: GenerateRequest,
  onToken: OnToken,
  signal: AbortSignal,
): Promise<EngineOutcome<GenerateResult>> {
  const meter = createStreamMeter(options.now);
  let isBegun = false;
  const run = async (): Promise<GenerateResult> => {
    const { prompt, heal, maxTokens, sampling, stopTokens } = request;
    const wanted = { prompt, heal, maxTokens, sampling, stopTokens };
    const plan = await options.dialect.plan(wanted, signal);
    const output = createOutput(request, meter, onToken);
    isBegun = true;
    await options.transport.events(
      {
        path: plan.path,
        body: plan.body,
        onEvent: (data) => saidBy(plan.read(data), (item) => output.take(item)),
      },
      signal,
    );
    return { ...output.finish(), usage: meter.usage() };
  };
  return settle(signal, run, () => (isBegun ? meter.usage() : undefined));
}

/** Evaluates a prompt into the server's prefix cache. */
export function warm(
  { dialect, transport, now }: StreamingOptions,
  { prompt }: Pick<WarmRequest, "prompt">,
  signal: AbortSignal,
): Promise<EngineOutcome<Usage>> {
  const meter = createStreamMeter(now);
  return settle(signal, async () => {
    const sampling = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 };
    const wanted = { prompt, heal: "", maxTokens: 0, sampling, stopTokens: [] };
    const plan = await dialect.plan(wanted, signal);
    let tokens = 0;
    const take = (item: StreamItem): EventSaid => {
      if (item.kind === "usage") meter.said(item.usage);
      if (item.kind !== "token") return item.kind === "end" ? "end" : "waiting";
      meter.token();
      tokens += 1;
      return tokens > mostWarmingTokens ? "enough" : "token";
    };
    await transport.events(
      { path: plan.path, body: plan.body, onEvent: (data) => saidBy(plan.read(data), take) },
      signal,
    );
    // One token is generated where a server cannot generate none: it is none of the caller's.
    return { ...meter.usage(), generatedTokens: 0 };
  });
}

const rank: Readonly<Record<EventSaid, number>> = { waiting: 0, token: 1, end: 2, enough: 3 };

/** What an event said, by the weightiest of its items. */
function saidBy(items: readonly StreamItem[], take: (item: StreamItem) => EventSaid): EventSaid {
  let said: EventSaid = "waiting";
  for (const item of items) {
    const now = take(item);
    if (rank[now] > rank[said]) said = now;
  }
  return said;
}

function createOutput(request: GenerateRequest, meter: StreamMeter, onToken: OnToken) {
  const spell = createHealedText(request.heal);
  const stops = createStopFinder(request.stopStrings);
  let finish: "stop" | "length" | undefined;
  let stopString: string | undefined;
  let streamed = 0;
  let spelling = 0;

  function ended(how: "stop" | "length"): void {
    if (finish !== undefined) return;
    finish = how;
    const text = stops.flush();
    // What was held back belongs to tokens already counted: it adds nothing to the sum.
    if (text !== "") onToken({ text, logProbability: 0 });
  }

  function takeToken(item: Extract<StreamItem, { kind: "token" }>): EventSaid {
    meter.token();
    const spelled = spell(item);
    if (spelled.kind === "spelling") {
      spelling += 1;
      if (spelling <= mostSpellingTokens) return "token";
      throw new CodedError("ENDPOINT_PROTOCOL", "It sends tokens without text and without end.");
    }
    if (spelled.kind === "departed") {
      finish = "stop";
      return "enough";
    }
    streamed += 1;
    const shown = stops.push(spelled.text);
    const isLast = !shown.stopped && streamed >= request.maxTokens;
    const text = isLast ? shown.text + stops.flush() : shown.text;
    onToken({ text, logProbability: spelled.logProbability ?? untoldLogProbability });
    stopString = shown.stopString;
    if (shown.stopped) finish = "stop";
    else if (isLast) finish = "length";
    return finish === undefined ? "token" : "enough";
  }

  return {
    take(item: StreamItem): EventSaid {
      if (item.kind === "usage") {
        meter.said(item.usage);
        return "waiting";
      }
      if (item.kind === "end") {
        ended(item.finish);
        return "end";
      }
      if (finish !== undefined) return "waiting";
      if (item.kind === "token") return takeToken(item);
      ended("stop");
      return "enough";
    },
    finish: () => ({
      finish: finish ?? "stop",
      ...(stopString === undefined ? {} : { stopString }),
    }),
  };
}
