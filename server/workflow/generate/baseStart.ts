import { indentUnit } from "../../text/indentation.ts";
import { currentLine } from "../../text/lines.ts";
import { languageTraits } from "../language.ts";
import type { Run } from "../run.ts";
import { docComment, taskLines } from "./docComment.ts";
import { signatureOf } from "./signature.ts";

/** How the code begins for a model that goes on with files instead of following instructions. */
export interface BaseStart {
  /** Text before the code that only the model sees. */
  readonly shown: string;
  /** The code's own beginning: documentation and declaration. */
  readonly start: string;
  /** Whether the start ends where a body begins. */
  readonly isOpened: boolean;
}

/**
 * The task as the language's documentation comment, then the declaration, as far as the task names
 * one. In the middle of a line the comment stands above it, for the model only.
 * @param isFunction begin a function, also where the task names none
 */
export function baseStartOf(
  { task, place }: Pick<Run, "task" | "place">,
  isFunction = false,
): BaseStart {
  const { languageId, indent } = place;
  const lines = taskLines(task.task, task.requirements);
  if (place.isMidLine) {
    const line = currentLine(place.before);
    return { shown: `${docComment(lines, languageId, "")}${line}`, start: "", isOpened: false };
  }
  const isNew = place.before.trim() === "" && place.after.trim() === "";
  const isExported = isNew
    ? /^typescript/.test(languageId)
    : /^export /m.test(place.before) || /^export /m.test(place.after);
  // Inside a class a declaration reads differently; the model sees that it is in one.
  const signature =
    indent === ""
      ? signatureOf(task.task, languageId, { tests: task.tests, isExported, isFunction })
      : undefined;
  const isDocstring = languageTraits(languageId).doc === "docstring";
  if (signature?.isOpened === true && isDocstring) {
    const inner = indentUnit(place.before) ?? "    ";
    const doc = docComment(lines, languageId, inner, true);
    return { shown: "", start: `${signature.head}\n${inner}${doc}`, isOpened: true };
  }
  const doc = docComment(lines, languageId, indent);
  const head = signature === undefined ? "" : signature.head;
  const end = signature?.isOpened === true ? "\n" : "";
  return {
    shown: "",
    start: `${doc}${indent}${head}${end}`,
    isOpened: signature?.isOpened ?? false,
  };
}
