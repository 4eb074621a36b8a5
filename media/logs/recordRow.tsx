import type { JSX } from "preact";
import type { LogRow } from "../../server/protocol/logs.ts";
import { formatCount, formatMs } from "../parts/format.ts";
import { LevelMark } from "./levelMark.tsx";
import { formatRowTime, otherFields, shortId, spokenRow } from "./recordText.ts";

export interface RecordRowProps {
  readonly index: number;
  readonly total: number;
  readonly top: number;
  /** undefined: not fetched yet. */
  readonly row: LogRow | undefined;
  readonly selected: boolean;
  readonly expanded: boolean;
  readonly onPick: () => void;
  readonly onOpen: () => void;
  readonly onRequest: (requestId: string) => void;
  readonly onCode: (code: string) => void;
}

/** One record as one line of the list. */
export function RecordRow(props: RecordRowProps): JSX.Element {
  const { index, row, selected, top } = props;
  const common = {
    id: `row-${index}`,
    role: "row" as const,
    "aria-rowindex": index + 1,
    "aria-selected": selected,
    style: { transform: `translateY(${top}px)` },
  };
  if (row === undefined) {
    return (
      <div {...common} class="record record-missing" aria-busy="true">
        <span role="gridcell" class="cell muted">
          …
        </span>
      </div>
    );
  }
  const { record } = row;
  const { code, requestId, durationMs, tokensUsed } = record;
  const others = otherFields(record);
  return (
    <div
      {...common}
      class={`record record-${record.level}${selected ? " record-selected" : ""}`}
      aria-label={spokenRow(row)}
      aria-expanded={props.expanded}
      onMouseDown={props.onPick}
      onDblClick={props.onOpen}
    >
      <span role="gridcell" class="cell cell-time" title={record.time}>
        {formatRowTime(record.time, new Date())}
      </span>
      <span role="gridcell" class="cell cell-level">
        <LevelMark level={record.level} />
      </span>
      <span role="gridcell" class="cell cell-service">
        {record.service}
      </span>
      <span role="gridcell" class="cell cell-message" title={`${record.message} ${others}`.trim()}>
        {code === undefined ? null : (
          <button
            type="button"
            class="link tag"
            tabIndex={-1}
            title={`Show everything with ${code}`}
            onClick={() => props.onCode(code)}
          >
            {code}
          </button>
        )}
        <span class="message">{record.message}</span>
        {others === "" ? null : <span class="others muted">{others}</span>}
      </span>
      <span role="gridcell" class="cell cell-request">
        {requestId === undefined ? null : (
          <button
            type="button"
            class="link"
            tabIndex={-1}
            title={`Show everything with request ${requestId}`}
            onClick={() => props.onRequest(requestId)}
          >
            {shortId(requestId)}
          </button>
        )}
      </span>
      <span role="gridcell" class="cell cell-figure" title="Duration">
        {durationMs === undefined ? "" : formatMs(durationMs)}
      </span>
      <span role="gridcell" class="cell cell-figure" title="Tokens evaluated and generated">
        {tokensUsed === undefined ? "" : formatCount(tokensUsed)}
      </span>
    </div>
  );
}
