import { request, type Dispatcher } from "undici";
import { CodedError } from "../protocol/errors.ts";
import { awaitFirstAnswer } from "./firstAnswer.ts";
import { isLoopback } from "./endpointUrl.ts";
import {
  connectionFailure,
  failureOf,
  headerOf,
  noAnswer,
  shownAddress,
  type AnswerHead,
} from "./failures.ts";

/** The way to the hub and to where its files lie. */
export interface Network {
  readonly dispatcher: Dispatcher;
  /** Where the hub answers. */
  readonly hub: string;
  /** For the hub's own origin, and no other. */
  readonly token?: string | undefined;
  /** Milliseconds without a byte after which a connection counts as dead. */
  readonly stallMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds for the first answer of a server that has given none; unlimited, if absent. */
  readonly firstAnswerMs?: number | undefined;
  /** Origins that have answered, with whatever it was: `ask` adds to them. */
  readonly answered?: Set<string>;
}

export interface Ask {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** The model's page, for messages. */
  readonly page?: string | undefined;
}

/** An answer that is no failure and no redirect; its body must be read or destroyed. */
export interface Answer extends AnswerHead {
  /** Where it came from in the end. */
  readonly url: URL;
  readonly body: Dispatcher.ResponseData["body"];
  /** Headers that one of the answers on the way had, the first that said so. */
  passed(name: string): string | undefined;
}

const mostRedirects = 5;

/**
 * Asks for an address and follows redirects by hand: five at most, over HTTPS, and without the token
 * once they leave the hub.
 * @throws CodedError `DOWNLOAD_UNSAFE`, `HUB_*` by status, `HUB_UNREACHABLE`, `DOWNLOAD_INTERRUPTED`
 */
export async function ask(network: Network, given: Ask): Promise<Answer> {
  const { dispatcher, hub, token, stallMs, now } = network;
  const { method = "GET", headers = {}, body, signal, page } = given;
  const seen = new Set<string>();
  const way: AnswerHead[] = [];
  let url = checkAddress(given.url);
  for (;;) {
    if (seen.has(url.href) || seen.size > mostRedirects) {
      throw new CodedError("DOWNLOAD_UNSAFE", `${shownAddress(url)} redirects in circles.`);
    }
    seen.add(url.href);
    const mayKnow = token !== undefined && url.origin === new URL(hub).origin;
    let answer: Dispatcher.ResponseData;
    const first = awaitFirstAnswer(network, url, signal);
    try {
      const asked = request(url, {
        dispatcher,
        method,
        headers: {
          "user-agent": "starcoder-local",
          // Bytes as they lie there: ranges of something compressed are ranges of other bytes.
          "accept-encoding": "identity",
          ...headers,
          ...(mayKnow ? { authorization: `Bearer ${token}` } : {}),
        },
        headersTimeout: stallMs,
        bodyTimeout: stallMs,
        ...(body === undefined ? {} : { body }),
        ...(first.signal === undefined ? {} : { signal: first.signal }),
      });
      answer = await unlessAborted(asked, first.signal);
      first.end(true);
    } catch (thrown) {
      first.end(false);
      if (signal?.aborted === true) throw signal.reason;
      throw first.overMs === undefined
        ? connectionFailure(url, thrown)
        : noAnswer(url, first.overMs, thrown);
    }
    const head = { status: answer.statusCode, headers: answer.headers };
    way.push(head);
    const location = headerOf(head, "location");
    if (head.status >= 300 && head.status < 400 && location !== undefined) {
      // Read to its end: the connection is used again.
      await answer.body.dump({ limit: 16_384 }).catch(() => undefined);
      url = checkAddress(location, url);
      continue;
    }
    const failure = failureOf(url, head, { page, now });
    if (failure !== undefined || head.status >= 300) {
      discard(answer.body);
      throw failure ?? new CodedError("HUB_FAILED", `${shownAddress(url)}: status ${head.status}.`);
    }
    return {
      ...head,
      url,
      body: answer.body,
      passed: (name) => way.map((passed) => headerOf(passed, name)).find((value) => value),
    };
  }
}

/** An answer, or the signal's reason: while there is no connection, a request hears of no abort. */
async function unlessAborted(
  asked: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal | undefined,
): Promise<Dispatcher.ResponseData> {
  if (signal === undefined) return asked;
  let aborted = (): void => undefined;
  const gone = new Promise<never>((_resolve, reject) => {
    aborted = () => reject(signal.reason as Error);
    signal.addEventListener("abort", aborted, { once: true });
    if (signal.aborted) aborted();
  });
  try {
    return await Promise.race([asked, gone]);
  } catch (thrown) {
    // One that comes too late is nobody's.
    asked.then(({ body }) => discard(body)).catch(() => undefined);
    throw thrown;
  } finally {
    signal.removeEventListener("abort", aborted);
  }
}

/** Lets go of a body that nobody reads. */
export function discard(body: Dispatcher.ResponseData["body"]): void {
  body.on("error", () => undefined);
  body.destroy();
}

/**
 * An address that may be asked: HTTPS, or HTTP on this machine.
 * @throws CodedError `DOWNLOAD_UNSAFE`
 */
export function checkAddress(text: string, from?: URL): URL {
  if (!URL.canParse(text, from?.href)) {
    throw new CodedError("DOWNLOAD_UNSAFE", "The address is none.");
  }
  const url = new URL(text, from?.href);
  const isAllowed = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
  // What comes from the network must not lead to services of this machine, either.
  const climbsIn = from !== undefined && isLoopback(url) && !isLoopback(from);
  if (isAllowed && !climbsIn) return url;
  throw new CodedError("DOWNLOAD_UNSAFE", `${shownAddress(url)} is no https address.`);
}
