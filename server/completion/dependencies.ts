import type { Engine } from "../engine/engine.ts";
import type { ModelDescription } from "../protocol/host.ts";
import type { OnFilter } from "./postprocess/postprocess.ts";
import type { Judged } from "./show/gate.ts";
import type { Purpose } from "./stop/purpose.ts";
import type { Stop, StopOptions } from "./stop/stopContext.ts";
import type { Clock, CompletionDocument, CompletionLog, CompletionRequest } from "./types.ts";
import type { CompletionSettings, ContextSource, SyntaxService } from "./types.ts";

/** The text around a cursor, as stop, postprocess and gate see it. */
export interface Surroundings {
  readonly before: string;
  readonly after: string;
  readonly languageId: string;
  readonly syntax: SyntaxService;
}

/** A piece of generated text and how sure the model was of it. */
export interface ShownToken {
  readonly text: string;
  readonly logProbability: number;
}

export interface GateOptions<Curve> extends Surroundings {
  readonly text: string;
  readonly tokens: readonly ShownToken[];
  readonly curve: Curve;
  readonly threshold: number;
  readonly trigger: CompletionRequest["trigger"];
  /** Told why, where somebody asks. */
  readonly onJudged?: (judged: Judged) => void;
}

/** The parts of completion that decide what text is kept and shown. */
export interface Judgement<Curve> {
  readonly purposeOf: (
    options: Surroundings & {
      readonly multiline: CompletionSettings["multiline"];
      readonly trigger: CompletionRequest["trigger"];
    },
  ) => Purpose;
  readonly createStop: (options: StopOptions) => Stop;
  /** Empty: nothing to show. */
  readonly postprocess: (text: string, surroundings: Surroundings, onFilter?: OnFilter) => string;
  /** Text is empty when gated. */
  readonly gate: (options: GateOptions<Curve>) => {
    readonly text: string;
    readonly probability: number;
  };
  readonly curveFor: (model: ModelDescription, familyId: string) => Curve;
}

/** What a completer is made of. */
export interface CompleterDependencies<Curve> {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly syntax: SyntaxService;
  readonly contextSources: readonly ContextSource[];
  readonly settings: () => CompletionSettings;
  readonly log: CompletionLog;
  readonly judgement: Judgement<Curve>;
  /** Name shown to models whose format names the repository; default `project`. */
  readonly repositoryName?: (uri: string) => string;
  /** Documents that are never completed, with the reason. */
  readonly refuse?: (document: CompletionDocument) => "excluded" | "tooLarge" | "off" | undefined;
}
