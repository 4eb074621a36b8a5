import { createParser } from "eventsource-parser";
import type { Dispatcher } from "undici";
import { CodedError } from "../../../protocol/errors.ts";

type Body = Dispatcher.ResponseData["body"];

/** What an event was: the server works, a token came, it said its last word, or enough was read. */
export type EventSaid = "waiting" | "token" | "end" | "enough";

/** No event of a completion is as large, its probabilities included. */
const mostEventBytes = 1024 * 1024;
/** After its last word a server closes the answer at once; until then the connection is not free. */
const mostRestBytes = 64 * 1024;

export interface ReadEventsOptions {
  /** What the server is called in messages. */
  readonly name: string;
  /** Told of each event's data; what it throws ends the reading. */
  readonly onEvent: (data: string) => EventSaid;
  /** Told each time a token came. */
  readonly onToken: () => void;
}

/**
 * Reads server-sent events until the server's last word. A body of which enough was read is
 * destroyed, which closes the connection, so that the server stops.
 * @throws CodedError ENDPOINT_PROTOCOL for text that is no UTF-8, an event too large, and a stream
 * that is cut; and what `onEvent` throws
 */
export function readEvents(body: Body, options: ReadEventsOptions): Promise<void> {
  const { name, onEvent, onToken } = options;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return new Promise((resolve, reject) => {
    let isOver = false;
    let restBytes = 0;
    const over = (error?: Error): void => {
      if (isOver) return;
      isOver = true;
      if (error === undefined) resolve();
      else reject(error);
    };
    const fail = (thrown: unknown): void => {
      over(thrown instanceof Error ? thrown : new Error("Unknown.", { cause: thrown }));
      body.destroy();
    };
    const protocol = (what: string, cause?: unknown): CodedError =>
      new CodedError("ENDPOINT_PROTOCOL", `${name} ${what}`, cause);
    const parser = createParser({
      maxBufferSize: mostEventBytes,
      onEvent({ data }) {
        if (isOver) return;
        const said = onEvent(data);
        if (said === "token") onToken();
        else if (said === "end") over();
        else if (said === "enough") {
          over();
          body.destroy();
        }
      },
      onError(error) {
        // Lines that are none of an event are passed over, as browsers do.
        if (error.type === "max-buffer-size-exceeded") throw protocol("sent an event without end.");
      },
    });
    body.on("data", (piece: Buffer) => {
      if (isOver) {
        restBytes += piece.length;
        if (restBytes > mostRestBytes) body.destroy();
        return;
      }
      let text: string;
      try {
        text = decoder.decode(piece, { stream: true });
      } catch (error) {
        fail(protocol("sent bytes that are no UTF-8.", error));
        return;
      }
      try {
        parser.feed(text);
      } catch (error) {
        fail(error);
      }
    });
    body.on("error", over);
    body.on("end", () => over(protocol("ended its answer before it was complete.")));
    body.on("close", () => over(protocol("cut its answer.")));
  });
}
