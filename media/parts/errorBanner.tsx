import type { ComponentChildren, JSX } from "preact";
import { errorTable, type ErrorAction, type ErrorCode } from "../../server/protocol/errors.ts";
import { ActionButtons } from "./actionButtons.tsx";
import { Icon, type IconName } from "./icon.tsx";

/** What stands in a banner: a sentence, its code and its remedy. */
export interface Failure {
  readonly code?: string;
  readonly message: string;
  readonly remedy?: string;
  /** Buttons; left out: those of the code's entry in the table. */
  readonly actions?: readonly ErrorAction[];
}

export interface BannerProps extends Failure {
  readonly tone?: "error" | "warning";
  readonly children?: ComponentChildren;
}

/** Tells of a failure with its code, what to do, and buttons that do it. */
export function ErrorBanner(props: BannerProps): JSX.Element {
  const { code, message, remedy, tone = "error" } = props;
  const icon: IconName = tone;
  return (
    <div class={`banner banner-${tone}`} role="alert">
      <Icon name={icon} label={tone === "error" ? "Error" : "Warning"} />
      <div class="banner-text">
        <p>
          {message} {code === undefined ? null : <code class="code">{code}</code>}
        </p>
        {remedy === undefined || message.includes(remedy) ? null : <p class="muted">{remedy}</p>}
        {props.children}
      </div>
      <ActionButtons actions={props.actions ?? actionsOf(code)} about={`What helps: ${message}`} />
    </div>
  );
}

/** Buttons of a code; a code that this version's table does not have has none. */
export function actionsOf(code: string | undefined): readonly ErrorAction[] {
  return code !== undefined && Object.hasOwn(errorTable, code)
    ? errorTable[code as ErrorCode].actions
    : [];
}

/** What was thrown by `Bridge.request`, for a banner. */
export function failureOf(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "remedy" in thrown) {
    const { code, remedy } = thrown;
    return { code: String(code), remedy: String(remedy), message: messageOf(thrown) };
  }
  return { code: "INTERNAL_ERROR", message: messageOf(thrown) };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
