import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useBridge } from "../parts/bridgeContext.ts";
import { formatCount } from "../parts/format.ts";
import { rowHeight, rowsInView, scrollHeightOf } from "./listWindow.ts";
import { keyMove } from "./listKeys.ts";
import type { ViewFilter } from "./logFilters.ts";
import type { LogSession, LogSessionState } from "./logSession.ts";
import { NoRecords } from "./noRecords.tsx";
import { RecordRow } from "./recordRow.tsx";
import { toJsonLines } from "./recordText.ts";
import { useListView } from "./useListView.ts";

export interface RecordListProps {
  readonly session: LogSession;
  readonly state: LogSessionState;
  readonly filter: ViewFilter;
  readonly selected: number | undefined;
  /** Whether the details of the selected row are shown. */
  readonly open: boolean;
  readonly onSelect: (row: number) => void;
  readonly onOpen: (open: boolean) => void;
  readonly onRequest: (requestId: string) => void;
  readonly onCode: (code: string) => void;
  readonly onClearFilter: () => void;
}

/** Rows drawn above and below those in view, so that a slow frame shows no gap. */
const around = 12;

/** The list of records; only what is in view is fetched and drawn. */
export function RecordList(props: RecordListProps): JSX.Element {
  const { session, state, selected, open, onSelect, onOpen } = props;
  const { total } = state;
  const bridge = useBridge();
  const view = useListView(state);
  const { shape, offset } = view;
  const inView = rowsInView(offset, shape, around);
  useEffect(() => session.show(inView.from, inView.to), [inView.from, inView.to, state]);
  useEffect(() => {
    // The details take room: the row that they belong to stays in view.
    if (open && selected !== undefined) view.showRow(selected);
  }, [open, shape.viewHeight]);

  const select = (row: number): void => {
    onSelect(row);
    view.showRow(row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isCopy = (event.ctrlKey || event.metaKey) && event.key === "c";
    const row = selected === undefined ? undefined : session.row(selected);
    if (isCopy && row !== undefined && getSelection()?.isCollapsed !== false) {
      bridge.request("copy", { text: toJsonLines([row]) }).catch(() => undefined);
    }
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && selected !== undefined) onOpen(!open);
    else if (event.key === "Escape" && open) onOpen(false);
    else {
      const page = Math.max(1, Math.floor(shape.viewHeight / rowHeight) - 1);
      const next = keyMove(event.key, selected, total, page);
      if (next === undefined) return;
      select(next);
    }
    event.preventDefault();
  };
  const indexes = Array.from(
    { length: Math.max(0, inView.to - inView.from) },
    (_, n) => n + inView.from,
  );
  return (
    <div class="list">
      <div
        ref={view.scroller}
        class="list-scroller"
        role="grid"
        tabIndex={0}
        aria-label="Log records, newest last"
        aria-rowcount={state.counted ? total : -1}
        aria-colcount={7}
        aria-activedescendant={selected === undefined ? undefined : `row-${selected}`}
        onScroll={view.onScroll}
        onWheel={view.onWheel}
        onKeyDown={onKeyDown}
      >
        <div class="list-rows" role="rowgroup" style={{ height: `${scrollHeightOf(shape)}px` }}>
          {indexes.map((index) => (
            <RecordRow
              key={index}
              index={index}
              total={total}
              top={view.scrollTop + index * rowHeight - offset}
              row={session.row(index)}
              selected={index === selected}
              expanded={open && index === selected}
              onPick={() => onSelect(index)}
              onOpen={() => onOpen(true)}
              onRequest={props.onRequest}
              onCode={props.onCode}
            />
          ))}
        </div>
      </div>
      {total > 0 ? null : (
        <NoRecords state={state} filter={props.filter} onClear={props.onClearFilter} />
      )}
      {view.unseen === 0 ? null : (
        <button type="button" class="button new-rows" onClick={view.showEnd}>
          {formatCount(view.unseen)} new
        </button>
      )}
    </div>
  );
}
