import { CodedError } from "../../../protocol/errors.ts";

/**
 * The id of a special token.
 * @throws CodedError VALIDATION_ERROR where the vocabulary lacks it
 */
export function idOf(special: string, ids: ReadonlyMap<string, number>): number {
  const id = ids.get(special);
  if (id !== undefined) return id;
  const detail = `The model has no special token ${JSON.stringify(special)}.`;
  throw new CodedError("VALIDATION_ERROR", detail);
}
