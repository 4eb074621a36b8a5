import type { DoctorCheck, DoctorReport } from "../../server/protocol/records.ts";
import { checkTexts, diagnosisGroups, diagnosisHeadline, isWrong } from "./diagnosisGroups.ts";

/** The report as Markdown, to be pasted into an issue. */
export function diagnosisMarkdown(report: DoctorReport): string {
  return [
    "## StarCoder Local diagnosis",
    "",
    `${diagnosisHeadline(report)} StarCoder Local ${report.version}, ${report.platform}, ${report.time}${report.full ? ", full" : ""}.`,
    ...diagnosisGroups(report.checks).flatMap(({ title, checks }) => [
      "",
      `### ${title}`,
      "",
      ...checks.flatMap(linesOf),
    ]),
    "",
  ].join("\n");
}

function linesOf(check: DoctorCheck): string[] {
  const { title, status, message, code, why, remedy, fixes } = check;
  const named = code === undefined ? "" : ` (\`${code}\`)`;
  const head = `- **${checkTexts[status].text}**: ${title}${named}: ${oneLine(message)}`;
  if (!isWrong(check)) return [head];
  const commands = fixes.flatMap(({ cli }) => (cli === undefined ? [] : [`\`${cli}\``]));
  return [
    head,
    `  - Why it matters: ${oneLine(why)}`,
    ...(remedy === undefined ? [] : [`  - What to do: ${oneLine(remedy)}`]),
    ...(commands.length === 0 ? [] : [`  - In a terminal: ${commands.join(", ")}`]),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
