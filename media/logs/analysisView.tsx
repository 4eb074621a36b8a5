import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { logAnalysisSchema, type LogAnalysis } from "../../server/protocol/logs.ts";
import { useBridge } from "../parts/bridgeContext.ts";
import { CopyButton } from "../parts/copyButton.tsx";
import { ErrorBanner, failureOf } from "../parts/errorBanner.tsx";
import { formatCount } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { AnalysisTables } from "./analysisTables.tsx";
import { rangeText, toMarkdown } from "./analysisText.ts";
import { toLogFilter, type ViewFilter } from "./logFilters.ts";
import { Timeline } from "./timeline.tsx";

export interface AnalysisViewProps {
  readonly filter: ViewFilter;
  /** Grows when the filter or the reader has changed. */
  readonly asked: number;
  readonly onShow: (filter: ViewFilter) => void;
}

/** What the records say when they are looked at together. */
export function AnalysisView({ filter, asked, onShow }: AnalysisViewProps): JSX.Element {
  const bridge = useBridge();
  const [analysis, setAnalysis] = useState<LogAnalysis | undefined>(undefined);
  const [failure, setFailure] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(true);
  const [refreshed, setRefreshed] = useState(0);

  useEffect(() => {
    let current = true;
    setBusy(true);
    bridge
      .request("analyse", { filter: toLogFilter(filter, Date.now()) })
      .then((answer) => logAnalysisSchema.parse(answer))
      .then(
        (found) => {
          if (!current) return;
          setAnalysis(found);
          setFailure(undefined);
          setBusy(false);
        },
        (thrown: unknown) => {
          if (!current) return;
          setFailure(thrown);
          setBusy(false);
        },
      );
    return () => {
      current = false;
    };
  }, [bridge, asked, refreshed]);

  return (
    <div class="analysis" aria-busy={busy}>
      <div class="analysis-head">
        <p role="status">
          {analysis === undefined
            ? busy
              ? "Reading the logs…"
              : ""
            : `${formatCount(analysis.records)} records${rangeText(analysis)}${analysis.brokenLines === 0 ? "" : `, ${formatCount(analysis.brokenLines)} broken line${analysis.brokenLines === 1 ? "" : "s"}`}`}
        </p>
        <span class="buttons">
          <button
            type="button"
            class="button secondary"
            disabled={busy}
            onClick={() => setRefreshed((count) => count + 1)}
          >
            <Icon name={busy ? "busy" : "refresh"} />
            Refresh
          </button>
          {analysis === undefined ? null : (
            <>
              <CopyButton label="Copy as Markdown" text={() => toMarkdown(analysis)} />
              <CopyButton
                label="Copy as JSON"
                text={() => JSON.stringify(analysis, undefined, 2)}
              />
            </>
          )}
        </span>
      </div>
      {failure === undefined ? null : <ErrorBanner {...failureOf(failure)} />}
      {analysis === undefined ? null : analysis.records === 0 ? (
        <>
          <p class="muted">There are no records to look at.</p>
          <AnalysisTables analysis={analysis} filter={filter} onShow={onShow} />
        </>
      ) : (
        <>
          <Timeline timeline={analysis.timeline} />
          <AnalysisTables analysis={analysis} filter={filter} onShow={onShow} />
        </>
      )}
    </div>
  );
}
