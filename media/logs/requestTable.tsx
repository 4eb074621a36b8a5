import type { JSX } from "preact";
import type { LogAnalysis } from "../../server/protocol/logs.ts";
import { DataTable } from "../parts/dataTable.tsx";
import { formatCount, formatDateTime, formatMs } from "../parts/format.ts";
import { everything, type ViewFilter } from "./logFilters.ts";
import { shortId } from "./recordText.ts";

export interface RequestTableProps {
  readonly caption: string;
  readonly rows: LogAnalysis["slowest"];
  readonly onShow: (filter: ViewFilter) => void;
}

/** Requests that stand out; each leads to all its records. */
export function RequestTable({ caption, rows, onShow }: RequestTableProps): JSX.Element {
  return (
    <DataTable
      caption={caption}
      columns={[
        {
          title: "Request",
          header: true,
          cell: ({ requestId, service }) =>
            requestId === undefined ? (
              service
            ) : (
              <button
                type="button"
                class="link mono"
                title={`Show everything with request ${requestId}`}
                onClick={() => onShow({ ...everything, requestId })}
              >
                {shortId(requestId)}
              </button>
            ),
        },
        { title: "Duration", numeric: true, cell: ({ durationMs }) => formatMs(durationMs) },
        { title: "Tokens", numeric: true, cell: ({ tokensUsed }) => formatCount(tokensUsed) },
        {
          title: "What",
          wide: true,
          cell: ({ service, message, time }) => (
            <span title={formatDateTime(time)}>
              {message} <span class="muted">{service}</span>
            </span>
          ),
        },
      ]}
      rows={rows}
      keyOf={({ requestId, time, message }) => `${requestId ?? ""} ${time} ${message}`}
      empty="None."
    />
  );
}
