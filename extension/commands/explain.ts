import * as vscode from "vscode";
import { errorActionCommands } from "../../server/protocol/commands.ts";
import {
  CodedError,
  errorTable,
  toCodedError,
  type CodedErrorData,
} from "../../server/protocol/errors.ts";
import { explainRequest, explainSchema, type Explain } from "../../server/protocol/explain.ts";
import { systemClock } from "../clock.ts";
import { editorReasons } from "../explainReasons.ts";
import { fromServer } from "../fromServer.ts";
import { isServedScheme } from "../schemes.ts";
import { viewServer } from "../views/serverView.ts";
import { explainMarkdown, summaryOf, type ExplainPage } from "../views/explainText.ts";
import { within } from "../within.ts";
import type { Command, CommandContext } from "./command.ts";

/** Longer than the service itself takes before it gives up. */
const answerMs = 90_000;

/** Explains the request at the cursor: the editor's side first, then the service's. */
export const explain: Command = {
  unavailable: () =>
    editorAsked() === undefined
      ? "Open a file first: what becomes of a request is explained at its cursor."
      : undefined,
  async run(context) {
    const editor = editorAsked();
    if (editor === undefined) return;
    const { document, selection } = editor;
    const { active } = selection;
    const found = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: "StarCoder: asking why" },
      () => ask(context, document, active),
    );
    const name = vscode.workspace.asRelativePath(document.uri);
    const place = `${name}:${active.line + 1}:${active.character + 1}`;
    const page: ExplainPage = {
      ...found,
      place,
      reasons: reasonsOf(context, editor),
      isUnsaved: document.isDirty || document.isUntitled,
    };
    const markdown = explainMarkdown(page);
    const short = document.uri.path.replace(/^.*\//, "");
    await context.explainDocuments.show(
      `Why ${short} ${active.line + 1}-${active.character + 1}`,
      markdown,
    );
    // The page is there; nobody waits for a button.
    void offer(page, markdown);
  },
};

/** The active editor; while the page of an explanation has the focus, the one that is shown. */
function editorAsked(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return (
    activeTextEditor ??
    visibleTextEditors.find(({ document }) => isServedScheme(document.uri.scheme))
  );
}

type Asked = Pick<ExplainPage, "explained" | "failure">;

async function ask(
  context: CommandContext,
  document: vscode.TextDocument,
  { line, character }: vscode.Position,
): Promise<Asked> {
  const { supervisor, log } = context;
  const run = supervisor.running;
  const nothing = { explained: undefined, failure: undefined };
  if (!isServedScheme(document.uri.scheme)) return nothing;
  if (run !== undefined) {
    try {
      const params = { uri: document.uri.toString(), position: { line, character } };
      const request = run.request(explainRequest.method, params);
      const answer = await within(systemClock, answerMs, request, () => {
        return new CodedError("TIMEOUT_ERROR", `No answer within ${answerMs / 1000} s.`);
      });
      return { explained: explainSchema.parse(answer), failure: undefined };
    } catch (thrown) {
      const error = fromServer(thrown);
      log.error(`${error.code}: ${error.message}`);
      if (supervisor.running === run) return { explained: undefined, failure: error.toData() };
    }
  }
  const { error } = viewServer(supervisor.state);
  const failure = error ?? new CodedError("MODEL_UNAVAILABLE").toData();
  const isOnDisk = document.uri.scheme === "file" && !document.isDirty;
  const explained = isOnDisk ? await askCommandLine(context, document, line, character) : undefined;
  return { explained, failure };
}

/** The same by the command line, which needs no server; undefined where that fails, too. */
async function askCommandLine(
  { runCli, settings, log }: CommandContext,
  { fileName }: vscode.TextDocument,
  line: number,
  character: number,
): Promise<Explain | undefined> {
  const model = settings.current["model.path"];
  const place = `${fileName}:${line + 1}:${character + 1}`;
  const args = ["explain", place, ...(model === "" ? [] : ["--model", model])];
  try {
    return await runCli(explainSchema, { args, signal: AbortSignal.timeout(answerMs) });
  } catch (thrown) {
    const { code, message } = toCodedError(thrown);
    log.error(`starcoder explain: ${code}: ${message}`);
    return undefined;
  }
}

function reasonsOf(context: CommandContext, { document, selection }: vscode.TextEditor) {
  const { snooze, availability } = context;
  const { completionExtensions } = context.facts();
  return editorReasons({
    availability: availability(document),
    languageId: document.languageId,
    scheme: document.uri.scheme,
    isServed: isServedScheme(document.uri.scheme),
    snoozeMinutes: snooze.minutesLeft(),
    inlineSuggestEnabled: vscode.workspace
      .getConfiguration("editor.inlineSuggest", document)
      .get<boolean>("enabled", true),
    hasSelection: !selection.isEmpty,
    others: completionExtensions.filter(({ active }) => active).map(({ name }) => name),
  });
}

const copy = "Copy";
const showLogs = "Show Logs for This Request";

/** The summary as a message, with a button for all that would help. */
async function offer(page: ExplainPage, markdown: string): Promise<void> {
  const { explained, failure, reasons } = page;
  const actions = [
    ...reasons.flatMap((reason) => reason.actions),
    ...(explained?.actions ?? []),
    ...actionsOf(failure),
  ].filter((action) => action !== "showLog" && action !== "explain");
  const remedies = [...new Set(actions)].map((action) => errorActionCommands[action]);
  const pressed = await vscode.window.showInformationMessage(
    `StarCoder: ${summaryOf(page)}`,
    ...remedies.map(({ label }) => label),
    copy,
    showLogs,
  );
  const remedy = remedies.find(({ label }) => label === pressed);
  if (remedy !== undefined) await vscode.commands.executeCommand(remedy.command);
  else if (pressed === copy) await vscode.env.clipboard.writeText(markdown);
  else if (pressed === showLogs) {
    const filter = explained === undefined ? {} : { requestId: explained.requestId };
    await vscode.commands.executeCommand("starcoder.showLogs", filter);
  }
}

function actionsOf(failure: CodedErrorData | undefined) {
  return failure === undefined ? [] : errorTable[failure.code].actions;
}
