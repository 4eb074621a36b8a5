import type { z } from "zod";
import { CodedError } from "../../../protocol/errors.ts";
import { errorIn, isTooLong } from "../transport/failures.ts";

/**
 * The data of one event.
 * @throws CodedError ENDPOINT_FAILED where it tells of an error, CONTEXT_OVERFLOW for one of too long a
 * prompt, ENDPOINT_PROTOCOL where it is something else
 */
export function parseEvent<Value>(data: string, schema: z.ZodType<Value>): Value {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (error) {
    throw new CodedError("ENDPOINT_PROTOCOL", "An event of its stream is no JSON.", error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const said = errorIn(data);
  if (said.message !== "") {
    const code = isTooLong(said) ? "CONTEXT_OVERFLOW" : "ENDPOINT_FAILED";
    throw new CodedError(code, `${said.message}.`);
  }
  throw new CodedError("ENDPOINT_PROTOCOL", "An event of its stream is none of a completion.");
}
