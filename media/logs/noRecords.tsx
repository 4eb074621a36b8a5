import type { JSX } from "preact";
import { formatCount } from "../parts/format.ts";
import { chipsOf, type ViewFilter } from "./logFilters.ts";
import type { LogSessionState } from "./logSession.ts";

export interface NoRecordsProps {
  readonly state: LogSessionState;
  readonly filter: ViewFilter;
  readonly onClear: () => void;
}

/** Why there are no rows. */
export function NoRecords({ state, filter, onClear }: NoRecordsProps): JSX.Element {
  const { asking, counted, progress, failure } = state;
  if (failure !== undefined) return <Message text="The records could not be read." />;
  if (asking || !counted) {
    const found = counted ? 0 : (progress?.matches ?? 0);
    const soFar = found === 0 ? "" : ` ${formatCount(found)} found so far.`;
    return <Message text={`Looking for records…${soFar}`} />;
  }
  if (progress?.files.length === 0) {
    return (
      <Message text="There are no logs yet. They begin with the first start of the service, and appear here by themselves." />
    );
  }
  if (chipsOf(filter).length === 0) return <Message text="The log files hold no records yet." />;
  return (
    <Message text="No record passes the filter.">
      <button type="button" class="button secondary" onClick={onClear}>
        Clear the Filter
      </button>
    </Message>
  );
}

interface MessageProps {
  readonly text: string;
  readonly children?: JSX.Element;
}

function Message({ text, children }: MessageProps): JSX.Element {
  return (
    <div class="no-records" role="status">
      <p class="muted">{text}</p>
      {children}
    </div>
  );
}
