import type { WorkflowTask } from "../protocol/workflow.ts";
import { currentLine, withLineFeeds } from "../text/lines.ts";
import { indentOf } from "../text/indentation.ts";
import { languageTraits } from "./language.ts";

/** Where code is to stand: a file of its own, or between what is there already. */
export interface CodePlace {
  readonly languageId: string;
  /** Path as the model and the reviewer see it. */
  readonly path: string;
  /** Of the document that is reviewed: no file of this machine. */
  readonly uri: string;
  /** Line breaks are line feeds. */
  readonly before: string;
  readonly after: string;
  /** What the code's lines after the first are indented by. */
  readonly indent: string;
  /** Something stands before it on its line. */
  readonly isMidLine: boolean;
}

/** @param name of the file where the task gives no path, without extension */
export function placeOf(task: WorkflowTask, requestId: string, name = "main"): CodePlace {
  const before = withLineFeeds(task.before ?? "");
  const line = currentLine(before);
  const path =
    task.path === undefined || task.path.trim() === ""
      ? `${name}.${languageTraits(task.language).extension}`
      : task.path.replaceAll("\\", "/");
  const file = path.split("/").at(-1) ?? path;
  return {
    languageId: task.language,
    path,
    uri: `starcoder-workflow:/${encodeURIComponent(requestId)}/${encodeURIComponent(file)}`,
    before,
    after: withLineFeeds(task.after ?? ""),
    indent: indentOf(line),
    isMidLine: line.trim() !== "",
  };
}

/** The whole document with this code in its place. */
export function documentWith({ before, after }: CodePlace, code: string): string {
  return before + code + after;
}
