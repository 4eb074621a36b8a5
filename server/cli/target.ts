import { basename, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ExplainTarget } from "../completion/explain/explainer.ts";
import { languageOf } from "../text/languageOf.ts";
import { readText } from "../workspace/readText.ts";
import { offsetOf, parseLocation } from "./location.ts";
import { unsupported } from "./unsupported.ts";

const maxFileBytes = 10 * 1024 * 1024;

/**
 * The place that `FILE:LINE:COL` names, as in an editor that has the working folder open.
 * @throws UsageError where it names none; CodedError DOCUMENT_UNSUPPORTED, POSITION_INVALID.
 */
export async function readTarget(
  place: string,
  trigger: ExplainTarget["trigger"],
): Promise<ExplainTarget> {
  const location = parseLocation(place);
  const { file: name, line, column } = location;
  const file = resolve(name);
  const document = {
    uri: pathToFileURL(file).href,
    path: shownPathOf(file),
    languageId: languageOf(file),
    version: 0,
    text: "",
  };
  const read = await readText(file, maxFileBytes);
  if (read.kind === "text") {
    const { text } = read;
    const offset = offsetOf(text, location);
    return { document: { ...document, text }, file, offset, line, column, trigger };
  }
  if (read.kind === "tooLarge" || read.kind === "binary") {
    return { document, file, offset: 0, line, column, trigger, withoutText: read.kind };
  }
  throw unsupported(name, read.kind);
}

/** A file's path as the model is shown it: below the working folder, else its name. */
export function shownPathOf(file: string): string {
  const path = relative(process.cwd(), file);
  const isBelow = path !== "" && !path.startsWith("..") && resolve(path) !== path;
  return (isBelow ? path : basename(file)).replaceAll("\\", "/");
}
