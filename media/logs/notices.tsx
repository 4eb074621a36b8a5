import type { JSX } from "preact";
import type { LogLevel } from "../../server/protocol/logs.ts";
import type { ErrorAction } from "../../server/protocol/errors.ts";
import { useBridge } from "../parts/bridgeContext.ts";
import { actionsOf, ErrorBanner, failureOf } from "../parts/errorBanner.tsx";

/** What became of the log reader's process. */
export interface ReaderEnd {
  readonly state: "restarted" | "stopped";
  readonly reason: string;
}

export interface NoticesProps {
  readonly level: LogLevel;
  readonly readerEnd: ReaderEnd | undefined;
  readonly failure: unknown;
  readonly onRestart: () => void;
  readonly onDismiss: () => void;
  readonly onRetry: () => void;
}

/** What is wrong with the viewer itself, above what it shows. */
export function Notices(props: NoticesProps): JSX.Element | null {
  const { level, readerEnd, failure } = props;
  const bridge = useBridge();
  const button = (label: string, onClick: () => void): JSX.Element => (
    <button type="button" class="button secondary" onClick={onClick}>
      {label}
    </button>
  );
  const notices = [
    readerEnd?.state === "stopped" ? (
      <ErrorBanner
        key="stopped"
        code="INTERNAL_ERROR"
        message={readerEnd.reason}
        remedy="Start the log reader again. The log files are not touched."
        actions={["report"]}
      >
        {button("Start Again", props.onRestart)}
      </ErrorBanner>
    ) : failure === undefined ? null : (
      <ErrorBanner key="failed" {...failureOf(failure)} actions={remediesOf(failure)}>
        {button("Try Again", props.onRetry)}
      </ErrorBanner>
    ),
    readerEnd?.state === "restarted" ? (
      <ErrorBanner
        key="restarted"
        tone="warning"
        message={`${readerEnd.reason} It was started again.`}
        actions={[]}
      >
        {button("Dismiss", props.onDismiss)}
      </ErrorBanner>
    ) : null,
    level === "off" ? (
      <ErrorBanner
        key="off"
        tone="warning"
        message="Nothing is logged: the log level is off."
        remedy="Choose a level to see what happens from now on."
        actions={[]}
      >
        {button("Open Setting", () => {
          bridge.request("openLogSettings", {}).catch(() => undefined);
        })}
      </ErrorBanner>
    ) : null,
  ].filter((notice) => notice !== null);
  return notices.length === 0 ? null : <div class="notices">{notices}</div>;
}

/** Those of the code, but for the log viewer, which is open. */
function remediesOf(failure: unknown): ErrorAction[] {
  return actionsOf(failureOf(failure).code).filter((action) => action !== "showLog");
}
