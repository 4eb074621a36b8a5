import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { LogLevel } from "../../server/protocol/logs.ts";
import { logsViewEvents, type LogsInitial } from "../../server/protocol/webview.ts";
import { useBridge } from "../parts/bridgeContext.ts";
import { AnalysisView } from "./analysisView.tsx";
import { FilterBar } from "./filterBar.tsx";
import { fromLogFilter, toLogFilter, type ViewFilter } from "./logFilters.ts";
import type { LogSession } from "./logSession.ts";
import { Notices, type ReaderEnd } from "./notices.tsx";
import { RecordsView } from "./recordsView.tsx";
import { beginWith } from "./rememberedState.ts";
import { useSession } from "./useSession.ts";

export interface LogsViewProps {
  readonly initial: LogsInitial;
  readonly session: LogSession;
}

type Tab = LogsInitial["tab"];

/** The log viewer: records and their analysis, under one filter. */
export function LogsView({ initial, session }: LogsViewProps): JSX.Element {
  const bridge = useBridge();
  const [{ tab, filter }, setShown] = useState(() => beginWith(initial, bridge.state));
  const [level, setLevel] = useState<LogLevel>(initial.level);
  const [readerEnd, setReaderEnd] = useState<ReaderEnd | undefined>(undefined);
  /** Counts what makes the analysis out of date. */
  const [asked, setAsked] = useState(0);
  const search = useRef<HTMLInputElement>(null);
  const latest = useRef(filter);
  latest.current = filter;
  const { failure } = useSession(session);

  const ask = useCallback(() => {
    setAsked((count) => count + 1);
    void session.query(toLogFilter(latest.current, Date.now()));
  }, [session]);
  useEffect(() => {
    bridge.setState({ tab, filter });
  }, [tab, filter]);
  useEffect(ask, [filter]);

  useEffect(
    () =>
      bridge.onEvent(({ name, data }) => {
        const opened = name === "open" ? logsViewEvents.open.safeParse(data).data : undefined;
        if (opened !== undefined) {
          setShown((shown) => ({
            tab: opened.tab,
            filter: opened.filter === undefined ? shown.filter : fromLogFilter(opened.filter),
          }));
        }
        const told = name === "level" ? logsViewEvents.level.safeParse(data).data : undefined;
        if (told !== undefined) setLevel(told.level);
        const end = name === "reader" ? logsViewEvents.reader.safeParse(data).data : undefined;
        if (end !== undefined) {
          setReaderEnd(end);
          if (end.state === "restarted") ask();
        }
      }),
    [bridge, ask],
  );

  const show = (next: ViewFilter): void => setShown({ tab: "records", filter: next });
  const restart = (): void => {
    bridge.request("restartReader", {}).then(
      () => {
        setReaderEnd(undefined);
        ask();
      },
      () => undefined,
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
    if (!isFind && (event.key !== "/" || isField(event.target))) return;
    event.preventDefault();
    search.current?.focus();
    search.current?.select();
  };

  return (
    <main class="logs" onKeyDown={onKeyDown}>
      <header class="logs-head">
        <div class="tabs" role="tablist" aria-label="What is shown">
          <TabButton tab="records" label="Records" shown={tab} onShow={setTab} />
          <TabButton tab="analysis" label="Analysis" shown={tab} onShow={setTab} />
        </div>
        <FilterBar
          filter={filter}
          onChange={(next) => setShown((shown) => ({ ...shown, filter: next }))}
          search={search}
        />
      </header>
      <Notices
        level={level}
        readerEnd={readerEnd}
        failure={failure}
        onRestart={restart}
        onDismiss={() => setReaderEnd(undefined)}
        onRetry={ask}
      />
      <section class="logs-body" role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`}>
        {tab === "records" ? (
          <RecordsView
            session={session}
            filter={filter}
            onShow={show}
            onAnalyze={() => setTab("analysis")}
          />
        ) : (
          <AnalysisView filter={filter} asked={asked} onShow={show} />
        )}
      </section>
    </main>
  );

  function setTab(next: Tab): void {
    setShown((shown) => ({ ...shown, tab: next }));
  }
}

interface TabButtonProps {
  readonly tab: Tab;
  readonly label: string;
  readonly shown: Tab;
  readonly onShow: (tab: Tab) => void;
}

function TabButton({ tab, label, shown, onShow }: TabButtonProps): JSX.Element {
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${tab}`}
      class="tab"
      aria-selected={tab === shown}
      aria-controls={`panel-${tab}`}
      onClick={() => onShow(tab)}
    >
      {label}
    </button>
  );
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}
