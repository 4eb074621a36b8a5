import type { JSX } from "preact";
import { errorActionCommands } from "../../server/protocol/commands.ts";
import type { DoctorCheck } from "../../server/protocol/records.ts";
import { ActionButtons } from "../parts/actionButtons.tsx";
import { CopyButton } from "../parts/copyButton.tsx";
import { formatMs } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { checkTexts, isWrong } from "./diagnosisGroups.ts";

/** One check: what was seen, and on opening why it matters and what to do. Open where it is wrong. */
export function CheckRow({ check }: { readonly check: DoctorCheck }): JSX.Element {
  const { status, title, message, why, code, remedy, fixes, durationMs } = check;
  const { icon, text } = checkTexts[status];
  const commands = [
    ...new Set(fixes.flatMap(({ action, cli }) => cli ?? errorActionCommands[action].cli ?? [])),
  ];
  return (
    <details class="check" open={isWrong(check)} data-check={check.name} data-status={status}>
      <summary>
        <Icon name="chevron" />
        <Icon name={icon} label={text} />
        <span class="check-title">{title}</span>
        <span class="check-message muted">{message}</span>
        {code === undefined ? null : <code class="code">{code}</code>}
      </summary>
      <div class="check-body">
        <p>
          {message} <span class="muted">({formatMs(durationMs)})</span>
        </p>
        <p>
          <span class="muted">Why it matters:</span> {why}
        </p>
        {remedy === undefined ? null : (
          <p>
            <span class="muted">What to do:</span> {remedy}
          </p>
        )}
        {fixes.length === 0 ? null : (
          <p class="fixes">
            <ActionButtons
              actions={[...new Set(fixes.map(({ action }) => action))]}
              labels={Object.fromEntries(fixes.map(({ action, label }) => [action, label]))}
              about={`What helps: ${title}`}
            />
            {commands.map((command) => (
              <span key={command} class="command">
                <code class="code">{command}</code>
                <CopyButton text={() => command} about={`Copy ${command}`} />
              </span>
            ))}
          </p>
        )}
      </div>
    </details>
  );
}
