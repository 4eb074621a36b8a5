import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { everything, type ViewFilter } from "./logFilters.ts";
import type { LogSession } from "./logSession.ts";
import { RecordDetails } from "./recordDetails.tsx";
import { RecordList } from "./recordList.tsx";
import { StatusLine } from "./statusLine.tsx";
import { useSession } from "./useSession.ts";

export interface RecordsViewProps {
  readonly session: LogSession;
  readonly filter: ViewFilter;
  readonly onShow: (filter: ViewFilter) => void;
  readonly onAnalyze: () => void;
}

/** The records that pass the filter, by time, and the details of one of them. */
export function RecordsView({ session, filter, onShow, onAnalyze }: RecordsViewProps): JSX.Element {
  const state = useSession(session);
  const [selected, setSelected] = useState<number | undefined>(undefined);
  const [open, setOpen] = useState(false);
  // Rows that come before move the selected one.
  const [prepended, setPrepended] = useState(state.prepended);
  if (prepended !== state.prepended) {
    const shift = state.prepended - prepended;
    setPrepended(state.prepended);
    if (selected !== undefined && shift > 0) setSelected(selected + shift);
  }
  useEffect(() => {
    setSelected(undefined);
    setOpen(false);
  }, [state.generation]);

  const row = selected === undefined ? undefined : session.row(selected);
  const showRequest = (requestId: string): void => onShow({ ...everything, requestId });
  const showCode = (code: string): void => onShow({ ...everything, code });
  return (
    <div class="records">
      <RecordList
        session={session}
        state={state}
        filter={filter}
        selected={selected}
        open={open && row !== undefined}
        onSelect={setSelected}
        onOpen={setOpen}
        onRequest={showRequest}
        onCode={showCode}
        onClearFilter={() => onShow(everything)}
      />
      {open && row !== undefined ? (
        <RecordDetails
          row={row}
          onClose={() => setOpen(false)}
          onRequest={showRequest}
          onCode={showCode}
        />
      ) : null}
      <StatusLine session={session} state={state} onAnalyze={onAnalyze} />
    </div>
  );
}
