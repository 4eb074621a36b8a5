import type { JSX } from "preact";
import { ActionButtons } from "../parts/actionButtons.tsx";
import { formatClock } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import type { Verdict } from "./verdict.ts";

export interface VerdictBarProps {
  readonly verdict: Verdict;
  /** When what is shown below was seen. */
  readonly asOf: string | undefined;
  readonly live: boolean;
}

/** What it comes to, read out when it changes; the time beside it is not. */
export function VerdictBar({ verdict, asOf, live }: VerdictBarProps): JSX.Element {
  const { tone, text, detail, code, actions } = verdict;
  return (
    <header class={`verdict verdict-${tone}`}>
      <Icon name={tone} />
      <div class="verdict-text" role="status" aria-live="polite" aria-atomic="true">
        <p class="verdict-line">
          {text} {code === undefined ? null : <code class="code">{code}</code>}
        </p>
        <p class="muted">{detail ?? "\u00a0"}</p>
      </div>
      <ActionButtons actions={actions} primary about={`What helps: ${text}`} />
      <span class="as-of muted">
        {asOf === undefined
          ? ""
          : live
            ? `Live · ${formatClock(asOf)}`
            : `As of ${formatClock(asOf)}`}
      </span>
    </header>
  );
}
