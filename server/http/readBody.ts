import type { IncomingMessage } from "node:http";
import type { Clock } from "../engine/clock.ts";
import { CodedError } from "../protocol/errors.ts";
import { jsonDepth } from "./jsonDepth.ts";
import type { ApiLimits } from "./limits.ts";

/**
 * Reads a body of JSON, whole, within the limits. What is too long is known by its Content-Length,
 * else when so much has come.
 * @throws CodedError `API_TOO_LARGE`, `TIMEOUT_ERROR` or `VALIDATION_ERROR`
 */
export async function readBody(
  incoming: IncomingMessage,
  limits: ApiLimits,
  clock: Clock,
): Promise<Buffer> {
  const { "content-length": announced, "content-encoding": encoding } = incoming.headers;
  if (encoding !== undefined && encoding !== "identity") {
    throw new CodedError("VALIDATION_ERROR", "A compressed body is not taken.");
  }
  const tooLarge = () =>
    new CodedError("API_TOO_LARGE", `At most ${String(limits.bodyBytes)} bytes are taken.`);
  if (announced !== undefined && Number(announced) > limits.bodyBytes) throw tooLarge();
  const body = await collect(incoming, limits, clock, tooLarge);
  const text = decode(body);
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) {
    const detail = `The body nests deeper than ${String(limits.jsonDepth)} levels.`;
    throw new CodedError("VALIDATION_ERROR", detail);
  }
  return body;
}

function collect(
  incoming: IncomingMessage,
  limits: ApiLimits,
  clock: Clock,
  tooLarge: () => CodedError,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (finish: () => void): void => {
      cancelTimer();
      incoming.off("data", onData).off("end", onEnd).off("close", onClose);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limits.bodyBytes) end(() => reject(tooLarge()));
      else chunks.push(chunk);
    };
    const onEnd = (): void => end(() => resolve(Buffer.concat(chunks)));
    const onClose = (): void =>
      end(() => reject(new CodedError("VALIDATION_ERROR", "The body was cut off.")));
    const cancelTimer = clock.after(limits.bodyMs, () => {
      const seconds = String(limits.bodyMs / 1000);
      const detail = `The body was not there within ${seconds} seconds.`;
      end(() => reject(new CodedError("TIMEOUT_ERROR", detail)));
    });
    incoming.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (cause) {
    throw new CodedError("VALIDATION_ERROR", "The body is not valid UTF-8.", cause);
  }
}
