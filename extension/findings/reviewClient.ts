import type * as vscode from "vscode";
import { CodedError } from "../../server/protocol/errors.ts";
import {
  clearReviewRequest,
  dismissRequest,
  findingsRequest,
  reviewRequest,
  reviewResultSchema,
  type DismissParams,
  type ReviewParams,
  type ReviewResult,
  type ReviewState,
} from "../../server/protocol/review.ts";
import { createListeners } from "../listeners.ts";

/** The part of a server's connection that reviews need. */
export interface ReviewConnection {
  request(method: string, params?: unknown, token?: vscode.CancellationToken): Promise<unknown>;
}

export interface ReviewClientOptions {
  /** The connection, while the server runs. */
  readonly connection: () => ReviewConnection | undefined;
  readonly log: { error(message: string): void };
}

/** What is known of the reviews of this window's documents, by URI as the server writes it. */
export interface ReviewClient {
  stateOf(uri: string): ReviewState | undefined;
  /** As last read; `refresh` brings it up to date. */
  resultOf(uri: string): ReviewResult | undefined;
  /** Told the document whose state or result is another. */
  onChange(listener: (uri: string) => void): () => void;
  /** The server said where a review stands. */
  receive(state: ReviewState): void;
  /** The server is gone, and with it all that it knew. */
  reset(): void;
  /** Reads the findings of a document again; keeps what there is where the server does not answer. */
  refresh(uri: string): Promise<ReviewResult | undefined>;
  /** These reject where the server does not run or answers with an error. */
  review(params: ReviewParams, token: vscode.CancellationToken): Promise<ReviewResult>;
  clear(uri?: string): Promise<void>;
  dismiss(params: DismissParams): Promise<void>;
}

export function createReviewClient({ connection, log }: ReviewClientOptions): ReviewClient {
  const states = new Map<string, ReviewState>();
  const results = new Map<string, ReviewResult>();
  const reading = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const changes = createListeners<string>();

  function ask(method: string, params: unknown, token?: vscode.CancellationToken) {
    const running = connection();
    if (running === undefined) {
      throw new CodedError("SERVER_DIED", "It is not running.");
    }
    return token === undefined
      ? running.request(method, params)
      : running.request(method, params, token);
  }

  /** A review tells of each part that it finishes: reads that meet one under way become one more. */
  async function refresh(uri: string): Promise<ReviewResult | undefined> {
    const current = reading.get(uri);
    if (current !== undefined) {
      again.add(uri);
      await current;
      return results.get(uri);
    }
    const reads = readUntilCurrent(uri);
    reading.set(uri, reads);
    await reads;
    return results.get(uri);
  }

  async function readUntilCurrent(uri: string): Promise<void> {
    do {
      again.delete(uri);
      await read(uri);
    } while (again.has(uri));
    reading.delete(uri);
  }

  async function read(uri: string): Promise<void> {
    try {
      const answer = await ask(findingsRequest.method, { uri });
      const result = reviewResultSchema.nullable().parse(answer ?? null);
      if (result === null) {
        results.delete(uri);
      } else {
        results.set(uri, result);
      }
      changes.fire(uri);
    } catch (error) {
      log.error(`${findingsRequest.method}: ${String(error)}`);
    }
  }

  function forget(uris: readonly string[]): void {
    for (const uri of uris) {
      states.delete(uri);
      results.delete(uri);
      changes.fire(uri);
    }
  }

  return {
    stateOf: (uri) => states.get(uri),
    resultOf: (uri) => results.get(uri),
    onChange: (listener) => changes.add(listener),
    receive(state) {
      if (state.state === "cleared") {
        forget([state.uri]);
        return;
      }
      states.set(state.uri, state);
      changes.fire(state.uri);
      void refresh(state.uri);
    },
    reset() {
      forget([...new Set([...states.keys(), ...results.keys()])]);
    },
    refresh,
    async review(params, token) {
      const result = reviewResultSchema.parse(await ask(reviewRequest.method, params, token));
      await refresh(params.uri);
      return result;
    },
    async clear(uri) {
      await ask(clearReviewRequest.method, uri === undefined ? {} : { uri });
      forget(uri === undefined ? [...states.keys(), ...results.keys()] : [uri]);
    },
    async dismiss(params) {
      await ask(dismissRequest.method, params);
      await Promise.all(
        "uri" in params ? [refresh(params.uri)] : [...results.keys()].map((uri) => refresh(uri)),
      );
    },
  };
}
