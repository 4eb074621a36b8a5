import { CodedError } from "../../protocol/errors.ts";
import { connectionFailure, headerOf } from "../../network/failures.ts";
import { ask, type Network } from "../../network/follow.ts";

/** Listings of the largest repositories take a few megabytes, on all their pages together. */
const mostBytes = 32 * 1024 * 1024;

/**
 * What the hub's client library asks through: the same way, redirects and failures as for bytes. It
 * rejects with coded errors, which the library passes on.
 */
export function createHubFetch(
  network: Network,
  options: { readonly page?: string; readonly signal: AbortSignal },
): typeof fetch {
  let received = 0;
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const headers: Record<string, string> = {};
    for (const [name, value] of new Headers(init?.headers)) headers[name] = value;
    const answer = await ask(network, {
      url,
      method: init?.method === "POST" ? "POST" : "GET",
      headers,
      ...(typeof init?.body === "string" ? { body: init.body } : {}),
      ...options,
    });
    const pieces: Buffer[] = [];
    try {
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        received += piece.length;
        if (received > mostBytes) throw new CodedError("HUB_FAILED", "It answered without end.");
        pieces.push(piece);
      }
    } catch (thrown) {
      options.signal.throwIfAborted();
      throw connectionFailure(answer.url, thrown);
    }
    const type = headerOf(answer, "content-type") ?? "";
    if (!/json/i.test(type)) {
      const what = /html/i.test(type) ? "a web page" : "something that is no listing";
      throw new CodedError("HUB_FAILED", `${answer.url.origin} answered with ${what}.`);
    }
    const link = headerOf(answer, "link");
    return new Response(Buffer.concat(pieces), {
      status: answer.status,
      headers: { "content-type": type, ...(link === undefined ? {} : { link }) },
    });
  };
}
