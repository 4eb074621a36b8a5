import { errorActionCommands } from "../../server/protocol/commands.ts";
import { errorCodes, errorTable } from "../../server/protocol/errors.ts";
import { codeOfHttpStatus } from "../../server/protocol/httpStatus.ts";

const introduction = `# Errors

Every failure that StarCoder Local tells of has one of these codes: in messages, in the logs, on the
command line (standard error, exit status 3) and in \`starcoder doctor\`. The buttons do what the
remedy says. By symptom: [troubleshooting](troubleshooting.md).

<!-- Written by \`npm run generate\` from server/protocol/errorTable.ts. -->
`;

/** docs/errors.md: the error table, one section a code. */
export function renderErrors(): string {
  return [introduction, ...errorCodes.map(sectionOf), httpSection()].join("\n");
}

/** Statuses that engines are known to answer with. */
const statuses = [
  400, 401, 403, 404, 405, 407, 408, 410, 413, 422, 429, 500, 501, 502, 503, 504,
] as const;

function httpSection(): string {
  const rows = statuses.map((status) => `| ${status} | ${codeOfHttpStatus(status) ?? "–"} |`);
  return [
    "## HTTP statuses of remote engines",
    "",
    "| status | code |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}

function sectionOf(code: (typeof errorCodes)[number]): string {
  const { message, cause, remedy, retryable, actions } = errorTable[code];
  const buttons = actions.map((action) => {
    const { label, cli } = errorActionCommands[action];
    return cli === undefined ? `**${label}**` : `**${label}** (\`${cli}\`)`;
  });
  return [
    `## ${code}`,
    "",
    message,
    "",
    `- Cause: ${cause}`,
    `- Remedy: ${remedy}`,
    `- May pass by itself: ${retryable ? "yes" : "no"}`,
    ...(buttons.length === 0 ? [] : [`- Buttons: ${buttons.join(", ")}`]),
    "",
  ].join("\n");
}
