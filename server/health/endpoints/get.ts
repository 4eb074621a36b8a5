import { request, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { reasonOf, StageError } from "./channel.ts";

export interface Answer {
  readonly status: number;
  readonly location?: string;
  /** By the `Date` header. */
  readonly date?: Date;
  /** At most `mostBytes` of it. */
  readonly body: string;
}

export interface GetOptions {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

const mostBytes = 256 * 1024;

/** Sends one GET over an open connection and closes it. Redirects are not followed. Throws `StageError`. */
export function get(channel: Duplex, options: GetOptions): Promise<Answer> {
  const { path, headers, signal, withinMs } = options;
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      channel.destroy();
    };
    const fail = (error: StageError) => {
      end();
      reject(error);
    };
    const timer = setTimeout(() => {
      const message = `it did not answer GET ${path} within ${withinMs / 1000} s.`;
      fail(new StageError("TIMEOUT_ERROR", message));
    }, withinMs);
    const asking = request({
      method: "GET",
      path,
      headers: { ...headers, connection: "close", accept: "application/json" },
      createConnection: () => channel,
      signal,
    });
    asking.on("error", (error) => fail(stageErrorOf(error, path)));
    asking.once("response", (response) => {
      read(response).then(
        (body) => {
          end();
          resolve({ ...headOf(response), body });
        },
        (error: unknown) => fail(stageErrorOf(error, path)),
      );
    });
    asking.end();
  });
}

function headOf({ statusCode = 0, headers }: IncomingMessage): Omit<Answer, "body"> {
  const time = Date.parse(headers.date ?? "");
  return {
    status: statusCode,
    ...(headers.location === undefined ? {} : { location: headers.location }),
    ...(Number.isNaN(time) ? {} : { date: new Date(time) }),
  };
}

async function read(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length >= mostBytes) break;
  }
  return Buffer.concat(pieces).toString("utf8", 0, mostBytes);
}

function stageErrorOf(thrown: unknown, path: string): StageError {
  const reason = reasonOf(thrown);
  if (reason.startsWith("HPE_")) {
    return new StageError(
      "ENDPOINT_REFUSED",
      `what it answers to GET ${path} is no HTTP (${reason}).`,
    );
  }
  return new StageError("ENDPOINT_FAILED", `it broke off GET ${path}: ${reason}.`);
}
