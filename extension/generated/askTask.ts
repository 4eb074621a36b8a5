import * as vscode from "vscode";
import { longestTask, type WorkflowParams } from "../../server/protocol/workflow.ts";
import { isServedScheme } from "../schemes.ts";
import { commentTask, type CommentTask, type LinesOf } from "./commentTask.ts";
import { askPick, askSteps, askText, type StepAnswer } from "./steps.ts";
import { cursorPlace, withoutBlanks, type TaskPlace } from "./taskPlace.ts";
import { requirementsIn } from "./workflowText.ts";

const title = "Generate Code";

/** What is known of a task while it is asked for. */
interface Known {
  readonly task: string;
  /** The comment that the task was taken from. */
  readonly comment?: CommentTask;
  readonly requirements: string;
  /** Undefined: a new file. */
  readonly place?: TaskPlace | undefined;
  readonly language?: string;
}

type Step = (
  known: Known,
  traits: { readonly step: number; readonly totalSteps: number },
) => Promise<StepAnswer<Known>>;

/** Asks what is to be generated and where; undefined: given up. */
export async function askTask(
  editor: vscode.TextEditor | undefined,
): Promise<WorkflowParams | undefined> {
  const fileLanguage = editor?.document.languageId;
  const isKnown = fileLanguage !== undefined && !noLanguages.has(fileLanguage);
  const canPlace = editor !== undefined && isServedScheme(editor.document.uri.scheme);
  const steps: Step[] = [
    (known, traits) => askForTask(known, traits, editor),
    askForRequirements,
    ...(canPlace ? [placeStep(editor)] : []),
    ...(isKnown ? [] : [askForLanguage]),
  ];
  const asked = await askSteps<Known>({ task: "", requirements: "" }, steps);
  if (asked === undefined) return undefined;
  const { task, place } = asked;
  const language = asked.language ?? fileLanguage ?? "plaintext";
  const requirements = [...requirementsIn(asked.requirements)];
  const isPlaced = place !== undefined && editor !== undefined;
  return {
    ...{ task, language, requirements },
    ...(isPlaced ? { uri: editor.document.uri.toString(), ...place } : {}),
  };
}

/** Of these a file says nothing about the code that is wanted. */
const noLanguages: ReadonlySet<string> = new Set(["plaintext", "log", "search-result", "scminput"]);

async function askForTask(
  known: Known,
  traits: { readonly step: number; readonly totalSteps: number },
  editor: vscode.TextEditor | undefined,
): Promise<StepAnswer<Known>> {
  const comment = editor === undefined ? undefined : commentOf(editor);
  const shown = comment === undefined ? "" : shortened(comment.text);
  const answer = await askText({
    ...{ title, ...traits, value: known.task.replaceAll("\n", " ") },
    placeholder: "What is the code to do?",
    prompt:
      comment === undefined
        ? "Say it in a sentence or two. For more, write it as a comment and run this there."
        : `Leave it empty to take the comment at the cursor: “${shown}”`,
    problemOf(text) {
      if (text.length > longestTask) return "This is too long.";
      return text.trim() === "" && comment === undefined
        ? "Say what the code is to do."
        : undefined;
    },
    ...(comment === undefined
      ? {}
      : {
          button: {
            icon: "comment",
            tooltip: `Take the Comment: ${shown}`,
            text: "",
          },
        }),
  });
  if (answer?.kind !== "answered") return answer;
  const typed = answer.value.trim();
  const { requirements } = known;
  const value =
    typed === "" && comment !== undefined
      ? { requirements, task: comment.text, comment }
      : { requirements, task: typed };
  return { kind: "answered", value };
}

async function askForRequirements(
  known: Known,
  traits: { readonly step: number; readonly totalSteps: number },
): Promise<StepAnswer<Known>> {
  const answer = await askText({
    ...{ title: `${title}: ${shortened(known.task)}`, ...traits, value: known.requirements },
    placeholder: "Requirements, if there are any",
    prompt: "Such as “no dependencies; throws a RangeError below zero”. Enter goes on.",
  });
  return answer?.kind === "answered"
    ? { kind: "answered", value: { ...known, requirements: answer.value } }
    : answer;
}

interface PlaceItem extends vscode.QuickPickItem {
  readonly place: TaskPlace | undefined;
}

function placeStep(editor: vscode.TextEditor): Step {
  return async (known, traits) => {
    const items = placesIn(editor, known.comment);
    const answer = await askPick({
      ...{ title: `${title}: ${shortened(known.task)}`, ...traits, items },
      placeholder: "Where is it to go? Nothing changes before you apply it.",
    });
    if (answer?.kind !== "answered") return answer;
    const { place } = answer.value;
    return { kind: "answered", value: { ...known, place } };
  };
}

function placesIn(editor: vscode.TextEditor, comment: CommentTask | undefined): PlaceItem[] {
  const { document, selection } = editor;
  const lines = linesOf(document);
  const { tabSize, insertSpaces } = editor.options;
  const unit = insertSpaces === false ? "\t" : " ".repeat(Number(tabSize ?? 2));
  const name = vscode.workspace.asRelativePath(document.uri);
  const newFile = { label: "$(new-file) In a New File", place: undefined };
  if (comment !== undefined) {
    const line = comment.lastLine;
    const cursor = { line, character: lines.line(line).length };
    const below = cursorPlace(lines, cursor, unit);
    const description = `line ${line + 2} of ${name}`;
    const end = { line, character: lines.line(line).length };
    const indent = /^\s*/.exec(lines.line(comment.firstLine))?.[0].length ?? 0;
    const start = { line: comment.firstLine, character: indent };
    return [
      { label: "$(arrow-down) Below the Comment", description, place: below },
      { label: "$(replace) Replace the Comment", place: { range: { start, end } } },
      newFile,
    ];
  }
  const { active } = selection;
  const cursor = { line: active.line, character: active.character };
  const atCursor = cursorPlace(lines, cursor, unit);
  const line = active.line + (atCursor.lead === undefined ? 1 : 2);
  const here = {
    label: "$(insert) At the Cursor",
    description: `line ${line} of ${name}`,
    place: atCursor,
  };
  if (selection.isEmpty) return [here, newFile];
  const range = withoutBlanks(lines, toRange(selection));
  const count = range.end.line - range.start.line + 1;
  const replace = {
    label: "$(replace) Replace the Selection",
    description: `${count} line${count === 1 ? "" : "s"} of ${name}`,
    place: { range },
  };
  return [replace, here, newFile];
}

async function askForLanguage(
  known: Known,
  traits: { readonly step: number; readonly totalSteps: number },
): Promise<StepAnswer<Known>> {
  const all = await vscode.languages.getLanguages();
  const offered = all.filter((id) => !noLanguages.has(id) && !id.includes("-")).sort();
  const answer = await askPick({
    ...{ title: `${title}: ${shortened(known.task)}`, ...traits },
    placeholder: "In which language?",
    items: offered.map((label) => ({ label })),
  });
  return answer?.kind === "answered"
    ? { kind: "answered", value: { ...known, language: answer.value.label } }
    : answer;
}

function commentOf({ document, selection }: vscode.TextEditor): CommentTask | undefined {
  const endsBefore = !selection.isSingleLine && selection.end.character === 0;
  return commentTask(linesOf(document), document.languageId, {
    first: selection.start.line,
    last: selection.end.line - (endsBefore ? 1 : 0),
    isEmpty: selection.isEmpty,
  });
}

/** The lines of a document as plain data. */
export function linesOf(document: vscode.TextDocument): LinesOf {
  return {
    lineCount: document.lineCount,
    line: (index) => document.lineAt(index).text,
  };
}

/** A selection as LSP has ranges. */
export function toRange({ start, end }: vscode.Range): NonNullable<WorkflowParams["range"]> {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}

/** One line of a text, for titles. */
export function shortened(text: string, most = 60): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
