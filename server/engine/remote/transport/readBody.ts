import type { Dispatcher } from "undici";
import { CodedError } from "../../../protocol/errors.ts";

/**
 * A whole body as text.
 * @throws CodedError ENDPOINT_PROTOCOL for one larger than `mostBytes` and for what is no UTF-8
 */
export async function readBody(
  body: Dispatcher.ResponseData["body"],
  mostBytes: number,
): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    // Leaving the loop destroys the body.
    if (length > mostBytes) throw new CodedError("ENDPOINT_PROTOCOL", "The answer has no end.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
  } catch (error) {
    throw new CodedError("ENDPOINT_PROTOCOL", "The answer is no UTF-8.", error);
  }
}
