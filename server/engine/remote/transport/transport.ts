import { request, type Dispatcher } from "undici";
import type { z } from "zod";
import {
  addressOf,
  isKey,
  mayCarryKey,
  parseEndpoint,
  pathsOf,
} from "../../../network/endpointUrl.ts";
import { CodedError } from "../../../protocol/errors.ts";
import type { Clock } from "../../clock.ts";
import type { RemoteEndpoint } from "../types.ts";
import { connectionFailure, headerOf, statusFailure, wasHungUp } from "./failures.ts";
import { readBody } from "./readBody.ts";
import { readEvents, type EventSaid } from "./readEvents.ts";

/** What is asked of an endpoint, at a path below its address. */
export interface Ask {
  readonly path: string;
  /** Sent as JSON with POST; absent: GET. */
  readonly body?: object;
}

export interface AskJson<Value> extends Ask {
  readonly schema: z.ZodType<Value>;
}

export interface AskEvents extends Ask {
  readonly onEvent: (data: string) => EventSaid;
}

/**
 * The way to one endpoint. All of it throws CodedErrors of the `ENDPOINT_*` kind, `TIMEOUT_ERROR`
 * and `CONTEXT_OVERFLOW`; an aborted signal closes the connection at once and throws its reason.
 */
export interface Transport {
  /** Its address, fit to be shown. */
  readonly shown: string;
  /** Where the server's own paths begin and where OpenAI's do. */
  readonly paths: { readonly root: string; readonly v1: string };
  /** Why the key is not sent, as a sentence; undefined where it is, and where there is none. */
  readonly keyWithheld: string | undefined;
  /** @throws ENDPOINT_PROTOCOL also where the answer does not fit the schema */
  json<Value>(ask: AskJson<Value>, signal: AbortSignal): Promise<Value>;
  /** Asks and reads nothing but whether it is well. */
  ping(ask: Ask, signal: AbortSignal): Promise<void>;
  /** Reads server-sent events until the last. */
  events(ask: AskEvents, signal: AbortSignal): Promise<void>;
}

export interface TransportOptions {
  readonly endpoint: RemoteEndpoint;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** The most milliseconds until a first token, and for any other answer. */
  readonly timeoutMs: () => number;
}

/** The most milliseconds between two tokens: others' prompts are evaluated in between. */
export const mostPauseMs = 20_000;
/** A server that has said its last word closes its answer at once; one that does not is hung up. */
const restMs = 2000;
/** Probabilities of a prompt of ten thousand tokens are some megabytes. */
const mostJsonBytes = 64 * 1024 * 1024;
const mostErrorBytes = 64 * 1024;

/**
 * @throws CodedError ENDPOINT_INVALID where the address is none, ENDPOINT_AUTH where the key holds
 * characters that no header may have
 */
export function createTransport(options: TransportOptions): Transport {
  const { endpoint, dispatcher, clock, timeoutMs } = options;
  const address = parseEndpoint(endpoint.url);
  if (address === undefined) {
    throw new CodedError("ENDPOINT_INVALID", `${addressOf(endpoint.url)}.`);
  }
  const given = endpoint.key?.trim() ?? "";
  if (given !== "" && !isKey(given)) {
    throw new CodedError("ENDPOINT_AUTH", "The key holds characters that no key has.");
  }
  const mayKnow = mayCarryKey(address);
  const key = mayKnow && given !== "" ? given : undefined;
  const { origin } = new URL(endpoint.url.trim());

  async function send(
    { path, body }: Ask,
    accept: string,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const ask = (): Promise<Dispatcher.ResponseData> =>
      request(`${origin}${path}`, {
        dispatcher,
        method: body === undefined ? "GET" : "POST",
        headers: {
          "user-agent": "starcoder-local",
          accept,
          "accept-encoding": "identity",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
        // Our own limits tell waiting for a token from anything else.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
    try {
      return await ask();
    } catch (thrown) {
      if (signal.aborted || !wasHungUp(thrown)) throw thrown;
      // The server had closed a connection that was kept open: nothing was lost by asking again.
      return await ask();
    }
  }

  /** Runs a request that `limit.start` gives so many milliseconds, from the start and anew. */
  async function within<Value>(
    path: string,
    signal: AbortSignal,
    run: (signal: AbortSignal, allow: (ms: number) => void) => Promise<Value>,
  ): Promise<Value> {
    signal.throwIfAborted();
    const late = new AbortController();
    let stop = (): void => undefined;
    const allow = (ms: number): void => {
      stop();
      stop = clock.after(ms, () => {
        const seconds = Math.round(ms / 100) / 10;
        const detail = `${addressOf(origin + path)}: nothing within ${seconds} s.`;
        late.abort(new CodedError("TIMEOUT_ERROR", detail));
      });
    };
    try {
      allow(timeoutMs());
      return await run(AbortSignal.any([signal, late.signal]), allow);
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      if (late.signal.aborted) throw late.signal.reason;
      throw connectionFailure(origin + path, thrown);
    } finally {
      stop();
    }
  }

  /** Lets an answer of success pass, and throws what any other means. */
  async function expectSuccess(path: string, answer: Dispatcher.ResponseData): Promise<void> {
    if (answer.statusCode >= 200 && answer.statusCode < 300) return;
    const body = await readBody(answer.body, mostErrorBytes).catch(() => "");
    throw statusFailure(origin + path, answer, body, key);
  }

  function expectType(path: string, answer: Dispatcher.ResponseData, type: RegExp): void {
    const given = headerOf(answer, "content-type") ?? "nothing that it names";
    if (type.test(given)) return;
    answer.body.on("error", () => undefined).destroy();
    const detail = `${addressOf(origin + path)} answered with ${given.slice(0, 60)}.`;
    throw new CodedError("ENDPOINT_PROTOCOL", detail);
  }

  return {
    shown: addressOf(endpoint.url),
    paths: pathsOf(address),
    keyWithheld:
      given === "" || mayKnow
        ? undefined
        : "The key is not sent, since plain http to another machine can be read on the way.",
    json: ({ schema, ...ask }, signal) =>
      within(ask.path, signal, async (either) => {
        const answer = await send(ask, "application/json", either);
        await expectSuccess(ask.path, answer);
        expectType(ask.path, answer, /\bjson\b/i);
        const parsed = schema.safeParse(jsonOf(await readBody(answer.body, mostJsonBytes)));
        if (parsed.success) return parsed.data;
        const what = parsed.error.issues[0];
        const detail = `${addressOf(origin + ask.path)}: ${what?.path.join(".") ?? ""} is not as expected.`;
        throw new CodedError("ENDPOINT_PROTOCOL", detail);
      }),
    ping: (ask, signal) =>
      within(ask.path, signal, async (either) => {
        const answer = await send(ask, "*/*", either);
        await expectSuccess(ask.path, answer);
        await readBody(answer.body, mostErrorBytes);
      }),
    events: ({ onEvent, ...ask }, signal) =>
      within(ask.path, signal, async (either, allow) => {
        const answer = await send(ask, "text/event-stream", either);
        await expectSuccess(ask.path, answer);
        expectType(ask.path, answer, /^text\/event-stream\b/i);
        const name = addressOf(origin + ask.path);
        const { body } = answer;
        await readEvents(body, { name, onEvent, onToken: () => allow(mostPauseMs) });
        if (body.readableEnded || body.destroyed) return;
        const stop = clock.after(restMs, () => body.destroy());
        body.once("close", stop);
      }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CodedError("ENDPOINT_PROTOCOL", "The answer is no JSON.", error);
  }
}
