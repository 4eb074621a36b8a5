import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useBridge } from "../parts/bridgeContext.ts";
import { formatBytes, formatCount, formatPercent } from "../parts/format.ts";
import { failureOf } from "../parts/errorBanner.tsx";
import { Icon } from "../parts/icon.tsx";
import type { LogSession, LogSessionState } from "./logSession.ts";
import { toJsonLines } from "./recordText.ts";

export interface StatusLineProps {
  readonly session: LogSession;
  readonly state: LogSessionState;
  readonly onAnalyze: () => void;
}

/** Records copied at most, the newest: a clipboard is no place for hundreds of megabytes. */
const mostCopied = 10_000;

/** How many records there are, how far the search has come, and what can be done with all of them. */
export function StatusLine({ session, state, onAnalyze }: StatusLineProps): JSX.Element {
  const bridge = useBridge();
  const [said, setSaid] = useState("");
  const copy = async (): Promise<void> => {
    try {
      const rows = await session.newest(mostCopied);
      await bridge.request("copy", { text: toJsonLines(rows) });
      const count = formatCount(rows.length);
      setSaid(rows.length < state.total ? `Copied the newest ${count}.` : `Copied ${count}.`);
    } catch (thrown) {
      setSaid(failureOf(thrown).message);
    }
  };
  return (
    <footer class="status">
      <button
        type="button"
        class="button secondary live"
        aria-pressed={state.live}
        title={state.live ? "New records are added as they are written" : "New records wait"}
        onClick={() => session.setLive(!state.live)}
      >
        <Icon name={state.live ? "live" : "paused"} />
        {state.live ? "Live" : "Paused"}
      </button>
      <Counts state={state} />
      <span class="muted" role="status">
        {said}
      </span>
      <span class="status-buttons">
        <button type="button" class="link" onClick={() => void copy()} disabled={state.total === 0}>
          Copy All Shown
        </button>
        <button type="button" class="link" onClick={onAnalyze}>
          Analyze
        </button>
        <button
          type="button"
          class="link"
          onClick={() => {
            bridge
              .request("openFolder", {})
              .catch((thrown: unknown) => setSaid(failureOf(thrown).message));
          }}
        >
          Open Folder
        </button>
      </span>
    </footer>
  );
}

function Counts({ state }: { readonly state: LogSessionState }): JSX.Element {
  const { progress, counted, total } = state;
  if (progress === undefined) return <span class="muted">…</span>;
  const { matches, scannedBytes, totalBytes, files } = progress;
  const unread = files.filter(({ error }) => error !== undefined).length;
  const broken = files.reduce((sum, file) => sum + (file.brokenLines ?? 0), 0);
  return (
    <span class="counts">
      {counted ? (
        <span>
          {formatCount(total)} record{total === 1 ? "" : "s"} in {formatBytes(totalBytes)}
        </span>
      ) : (
        <span>
          <progress max={Math.max(1, totalBytes)} value={scannedBytes} aria-label="Searched" />{" "}
          {formatCount(matches)} found, {formatBytes(scannedBytes)} of {formatBytes(totalBytes)}{" "}
          searched ({formatPercent(scannedBytes / Math.max(1, totalBytes))})
        </span>
      )}
      {unread === 0 ? null : (
        <span
          class="muted"
          title={files
            .map(({ path, error }) => (error === undefined ? "" : `${path}: ${error}`))
            .filter((text) => text !== "")
            .join("\n")}
        >
          <Icon name="warning" /> {unread} file{unread === 1 ? "" : "s"} not readable
        </span>
      )}
      {broken === 0 ? null : (
        <span class="muted" title="Lines that are no records: cut off or damaged">
          {formatCount(broken)} broken line{broken === 1 ? "" : "s"}
        </span>
      )}
    </span>
  );
}
