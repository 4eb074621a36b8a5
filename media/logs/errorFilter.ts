import type { LogAnalysis } from "../../server/protocol/logs.ts";
import type { ViewFilter } from "./logFilters.ts";

/** The filter that leaves the records of one kind of error. */
export function filterOfError(
  { code, message }: LogAnalysis["errors"][number],
  filter: ViewFilter,
): ViewFilter {
  if (code !== undefined) return { ...filter, code };
  // A code that this version's table does not have stands before the message.
  const foreign = /^([A-Z][A-Z0-9]*_[A-Z0-9_]+): /.exec(message)?.[1];
  if (foreign !== undefined) return { ...filter, code: foreign };
  // Figures differ between records that are counted together.
  const [words = ""] = message.split(/\d/, 1);
  const text = words.trim().length < 4 ? message : words.trim();
  return { ...filter, level: "error", text: filter.text === "" ? text : filter.text };
}
