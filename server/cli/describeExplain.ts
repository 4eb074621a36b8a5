import type { Explain, ExplainStep } from "../protocol/explain.ts";
import { escapeControls } from "./escapeControls.ts";
import { describePrompt } from "./describePrompt.ts";

/** An explanation for people. */
export function describeExplain(record: Explain): string {
  const { prompt, generated, error, earlier } = record;
  return [
    record.summary,
    ...(error === undefined ? [] : [`${error.code}: ${error.remedy}`]),
    `\n${record.file}:${record.line}:${record.column}, ${record.trigger}, request ${record.requestId}\n`,
    ...linesOf(record.steps),
    ...(generated === undefined ? [] : ["\nwritten by the model", indented(generated.text)]),
    ...(prompt === undefined ? [] : [`\n${describePrompt(prompt, "prompt")}`]),
    ...(earlier.length === 0 ? [] : ["\nearlier requests near here"]),
    ...earlier.map(
      ({ time, requestId, trigger, outcome, totalMs }) =>
        `  ${time}  ${requestId}  ${trigger}  ${outcome}  ${totalMs.toFixed(0)} ms`,
    ),
    `\nagain  ${record.command}`,
  ].join("\n");
}

const marks: Readonly<Record<ExplainStep["outcome"], string>> = {
  passed: "ok",
  stopped: "STOP",
  info: "",
};

function linesOf(steps: readonly ExplainStep[]): string[] {
  const width = Math.max(0, ...steps.map(({ title }) => title.length));
  return steps.map(({ title, outcome, detail, atMs }) => {
    const at = atMs === undefined ? "" : atMs.toFixed(1);
    return `${at.padStart(8)}  ${marks[outcome].padEnd(4)}  ${title.padEnd(width)}  ${detail}`;
  });
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${escapeControls(line)}`)
    .join("\n");
}
