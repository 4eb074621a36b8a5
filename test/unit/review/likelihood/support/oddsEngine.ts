import type {
  EngineOutcome,
  EngineState,
  WeighRequest,
} from "../../../../../server/engine/engine.ts";
import type {
  Odds,
  WeighedNotification,
  WeighResult,
} from "../../../../../server/protocol/host.ts";

/** What a text becomes by a change, and the odds that the engine gives it. */
export type OddsOf = (edited: string, written: string) => Partial<Odds> | undefined;

export interface OddsEngine {
  readonly state: EngineState;
  readonly asked: WeighRequest[];
  weigh(
    request: WeighRequest,
    onWeighed: (weighed: Omit<WeighedNotification, "id">) => void,
    signal: AbortSignal,
  ): Promise<EngineOutcome<WeighResult>>;
}

const usage = {
  queueMs: 0,
  prefillMs: 0,
  decodeMs: 0,
  evaluatedTokens: 7,
  reusedTokens: 0,
  generatedTokens: 0,
};

/** An engine that knows the odds of each edited text; those it does not know are not weighed. */
export function createOddsEngine(oddsOf: OddsOf): OddsEngine {
  const asked: WeighRequest[] = [];
  return {
    state: {
      kind: "ready",
      model: {
        path: "",
        fileSizeBytes: 1,
        architecture: "starcoder2",
        name: "",
        tokenizerPre: "",
        parameters: 3e9,
        quantization: "",
        trainContextSize: 1024,
        contextSize: 1024,
        specialTokens: [],
        vocabularySize: 10,
      },
      backend: { requested: "cpu", used: "cpu" },
    },
    asked,
    weigh(request, onWeighed, signal) {
      asked.push(request);
      const { text } = request;
      const alternatives = request.alternatives.map(({ changes }, alternative) => {
        const edited = changes.reduceRight(
          (done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end),
          text,
        );
        const known = oddsOf(edited, text);
        if (known === undefined) return {};
        const odds = { change: 0, after: 0, complete: true, ...known };
        const weighed = { first: odds.change, written: -5, odds };
        onWeighed({ alternative, ...weighed });
        return weighed;
      });
      if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
      const tokens = [{ end: text.length, logProbability: -1, bestLogProbability: -0.5 }];
      return Promise.resolve({ kind: "done", value: { tokens, alternatives, usage } });
    },
  };
}
