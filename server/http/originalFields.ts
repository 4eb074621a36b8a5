import { CodedError } from "../protocol/errors.ts";
import type { ReviewBody, WorkflowBody } from "../protocol/api.ts";
import { workflowTaskSchema, type WorkflowTask } from "../protocol/workflow.ts";
import type { ReviewPurpose } from "../review/types.ts";
import { nearLanguages } from "../text/knownLanguage.ts";
import { languageOf } from "../text/languageOf.ts";

/*
 * The original service named some fields otherwise (`task_description`, `generated_code`,
 * `max_tokens`, one text of requirements). Both names are taken, here and nowhere else.
 */

/**
 * The task that a body asks for.
 * @throws CodedError `VALIDATION_ERROR` where a field is given under both names, or the language is
 * not said or evidently misspelled
 */
export function toTask(body: WorkflowBody, traits: { readonly review: boolean }): WorkflowTask {
  const { requirements, tests, path, before, after, metadata } = body;
  const task = oneOf({ task: body.task, task_description: body.task_description });
  const code = oneOf({ code: body.code, generated_code: body.generated_code });
  const tokens = oneOf({ "budget.tokens": body.budget?.tokens, max_tokens: body.max_tokens });
  if (task === undefined && code === undefined) throw lacks("task");
  const language = languageFor(body);
  const near = nearLanguages(language);
  if (near.length > 0) {
    const detail = `language: ${language} is not known. Did you mean ${near.join(" or ")}?`;
    throw new CodedError("VALIDATION_ERROR", detail);
  }
  return workflowTaskSchema.parse({
    task: task ?? "",
    language,
    requirements: listOf(requirements),
    ...{ tests, path, before, after, code, metadata },
    review: traits.review,
    budget: { ...body.budget, tokens },
  });
}

/** The code that a body of a review holds, and what it is to do. */
export function toReviewed(body: ReviewBody): {
  readonly text: string;
  readonly language: string;
  readonly purpose: ReviewPurpose;
} {
  const { text, code, generated_code, tests } = body;
  const task = oneOf({ task: body.task, task_description: body.task_description }) ?? "";
  const found = oneOf({ text, code, generated_code });
  if (found === undefined) throw lacks("text");
  const purpose = { task, requirements: listOf(body.requirements), ...(tests && { tests }) };
  return { text: found, language: languageFor(body), purpose };
}

/** The language that a body names, in the form of the editor, or that its path tells. */
function languageFor(body: {
  readonly language?: string | undefined;
  readonly path?: string | undefined;
}): string {
  const { language, path } = body;
  const named = language?.trim().toLowerCase() ?? "";
  if (named !== "") return otherNames[named] ?? named;
  if (path === undefined) throw lacks("language");
  return languageOf(path);
}

/** How people name languages whose id in the editor is another one. */
const otherNames: Readonly<Record<string, string>> = {
  "c#": "csharp",
  "c++": "cpp",
  bash: "shellscript",
  js: "javascript",
  py: "python",
  shell: "shellscript",
  ts: "typescript",
};

/** Requirements are one text or several. */
function listOf(requirements: WorkflowBody["requirements"]): readonly string[] {
  return typeof requirements === "string" ? [requirements] : (requirements ?? []);
}

/** The value of a field that has several names. */
function oneOf<Value>(named: Readonly<Record<string, Value | undefined>>): Value | undefined {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name).join(" and ");
    throw new CodedError("VALIDATION_ERROR", `${names} are the same; give one of them.`);
  }
  return given[0]?.[1];
}

function lacks(field: string): CodedError {
  return new CodedError("VALIDATION_ERROR", `${field}: it is missing.`);
}
