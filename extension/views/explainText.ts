import type { CodedErrorData } from "../../server/protocol/errors.ts";
import type { Explain, ExplainStep, PromptRecord } from "../../server/protocol/explain.ts";
import type { EditorReason } from "../explainReasons.ts";
import { escapeMarkdown } from "../modelText.ts";

/** What the page shows: the editor's side, and the server's where it could be asked. */
export interface ExplainPage {
  /** `add.ts:3:5`. */
  readonly place: string;
  readonly reasons: readonly EditorReason[];
  readonly explained: Explain | undefined;
  /** Why the service could not be asked. */
  readonly failure: CodedErrorData | undefined;
  /** The file has edits that the command line does not see. */
  readonly isUnsaved: boolean;
}

/** One sentence: the editor's reason where there is one, else the service's. */
export function summaryOf({ reasons, explained, failure }: ExplainPage): string {
  const stopping = reasons.find(({ stops }) => stops);
  if (stopping !== undefined) return `No suggestion: ${stopping.text}`;
  if (failure !== undefined) return `${failure.message} (${failure.code})`;
  return explained?.summary ?? "Nothing is known of this place.";
}

/** The page as Markdown. */
export function explainMarkdown(page: ExplainPage): string {
  const { place, reasons, explained, failure } = page;
  const lines = [
    `# Why no suggestion here?`,
    `\`${place}\``,
    `**${escapeMarkdown(summaryOf(page))}**`,
  ];
  if (reasons.length > 0) {
    lines.push(
      "## In the editor",
      reasons.map(({ text }) => `- ${escapeMarkdown(text)}`).join("\n"),
    );
  }
  if (failure !== undefined) {
    lines.push(
      "## The service",
      `${escapeMarkdown(failure.message)} (\`${failure.code}\`)`,
      escapeMarkdown(failure.remedy),
    );
  }
  if (explained !== undefined) lines.push(...explainedLines(explained, page));
  return `${lines.join("\n\n")}\n`;
}

function explainedLines(explained: Explain, { reasons, isUnsaved }: ExplainPage): string[] {
  const { error, generated, prompt, earlier, model, gate, suggestion } = explained;
  const lines: string[] = [];
  // Where the editor stops it, what the service says is no repetition of the summary.
  if (reasons.some(({ stops }) => stops)) {
    lines.push(`The service says: ${escapeMarkdown(explained.summary)}`);
  }
  if (error !== undefined) {
    lines.push(`\`${error.code}\` ${escapeMarkdown(error.remedy)}`);
  }
  lines.push("## Step by step", tableOf(explained.steps));
  if (suggestion !== null) lines.push("## Suggestion", fenced(suggestion));
  if (generated !== undefined) {
    lines.push("## Written by the model", fenced(generated.text), tokensOf(generated.tokens));
  }
  if (gate !== undefined) {
    const { probability, threshold } = gate;
    lines.push(`Probability ${percent(probability)}, needed ${percent(threshold)}.`);
  }
  if (prompt !== undefined) lines.push("## Prompt", ...promptLines(prompt));
  if (earlier.length > 0) {
    lines.push(
      "## Earlier requests near here",
      [
        "| time | request | trigger | outcome | ms |",
        "| --- | --- | --- | --- | ---: |",
        ...earlier.map(
          ({ time, requestId, trigger, outcome, totalMs }) =>
            `| ${time} | \`${requestId}\` | ${trigger} | ${escapeMarkdown(outcome)} | ${totalMs.toFixed(0)} |`,
        ),
      ].join("\n"),
    );
  }
  const note = isUnsaved
    ? "\n\nThe file has unsaved edits, which the command line does not see."
    : "";
  const by = model === undefined ? "" : ` · model ${escapeMarkdown(model.name)}`;
  lines.push(
    "## Again, in a terminal",
    `${fenced(explained.command, "sh")}${note}`,
    `Request \`${explained.requestId}\` · ${explained.trigger} · ${explained.totalMs.toFixed(0)} ms${by}`,
  );
  return lines;
}

const marks: Readonly<Record<ExplainStep["outcome"], string>> = {
  passed: "✓",
  stopped: "✗",
  info: "·",
};

function tableOf(steps: readonly ExplainStep[]): string {
  return [
    "| | step | what was seen | ms |",
    "| --- | --- | --- | ---: |",
    ...steps.map(({ title, outcome, detail, atMs }) => {
      const at = atMs === undefined ? "" : atMs.toFixed(1);
      const name = outcome === "stopped" ? `**${escapeMarkdown(title)}**` : escapeMarkdown(title);
      return `| ${marks[outcome]} | ${name} | ${escapeMarkdown(detail)} | ${at} |`;
    }),
  ].join("\n");
}

/** How sure the model was of each token: the least sure stands out. */
function tokensOf(tokens: NonNullable<Explain["generated"]>["tokens"]): string {
  if (tokens.length === 0) return "No tokens.";
  const shown = tokens.slice(0, 60).map(({ text, logProbability }) => {
    return `${code(text)} ${percent(Math.exp(logProbability))}`;
  });
  const more = tokens.length > shown.length ? ` … ${tokens.length - shown.length} more` : "";
  return `Token by token: ${shown.join(" · ")}${more}`;
}

function promptLines({ parts, heal, totalTokens, budgetTokens }: PromptRecord): string[] {
  const most = budgetTokens === undefined ? "" : ` of at most ${budgetTokens}`;
  return [
    `**${totalTokens}${most} tokens**`,
    ...parts.flatMap(({ kind, role, text, tokens }) =>
      kind === "special"
        ? [`${code(text)} ${role}, 1 token`]
        : [`${role}, ${tokens} ${tokens === 1 ? "token" : "tokens"}`, fenced(text)],
    ),
    ...(heal === "" ? [] : [`${code(heal)} is cut from the end; the model must begin with it.`]),
  ];
}

/** A code block that no text can leave. */
function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}`;
}

/** A short text as inline code that no text can leave. */
function code(text: string): string {
  const shown = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  const ticks = "`".repeat(
    Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length)) + 1,
  );
  return `${ticks} ${shown} ${ticks}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`;
}
