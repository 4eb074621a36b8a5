import type { IncomingMessage, ServerResponse } from "node:http";
import type { Product } from "../compose/compose.ts";
import type { Clock } from "../engine/clock.ts";
import type { Logger } from "../logs/logger.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { Stats } from "../protocol/stats.ts";
import type { ApiLimits } from "./limits.ts";
import type { Places } from "./places.ts";

/** What the API needs of a product. */
export type ApiProduct = Pick<
  Product,
  | "version"
  | "clock"
  | "engine"
  | "completer"
  | "reviewer"
  | "syntax"
  | "settings"
  | "isStarter"
  | "readHealth"
  | "workflow"
  | "history"
>;

export interface ApiParts {
  readonly product: ApiProduct;
  readonly limits: ApiLimits;
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
  /** Whether a text is the key, as of now. */
  readonly isKey: (given: string) => boolean;
  /** What was counted on this machine. */
  readonly readStats: () => Stats;
  /** Hands out ids for requests that bring none. */
  readonly nextRequestId: () => string;
  /** Hands out ids by which results are kept: clients' own would let one replace another. */
  readonly nextWorkflowId: () => string;
  /** The time of day. */
  readonly now: () => Date;
}

/** What is known of one request on its way; what is noted here goes into its line of the log. */
export interface Call {
  readonly requestId: string;
  /** Whether it came with the key. */
  readonly known: boolean;
  code?: ErrorCode;
  tokensUsed?: number;
  hedgedTokens?: number;
  /** The id of the workflow that was run for it. */
  workflow?: string;
}

/** What the routes find in their context. */
export interface ApiEnv {
  readonly Bindings: {
    readonly incoming: IncomingMessage;
    readonly outgoing: ServerResponse;
    readonly call: Call;
  };
}

/** What every route works with. */
export interface RouteParts extends Omit<ApiParts, "isKey" | "nextRequestId"> {
  readonly places: Places;
}
