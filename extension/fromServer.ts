import { CodedError, codedErrorSchema, toCodedError } from "../server/protocol/errors.ts";

/** What a request to the server was rejected with: its coded error, or `INTERNAL_ERROR`. */
export function fromServer(thrown: unknown): CodedError {
  const data = thrown instanceof Error && "data" in thrown ? thrown.data : undefined;
  const coded = codedErrorSchema.safeParse(data);
  return coded.success ? CodedError.fromData(coded.data) : toCodedError(thrown);
}
