import type { Clock } from "../engine/clock.ts";
import type { EndpointReport, EndpointStatus } from "../protocol/endpoints.ts";
import { removeEndpointReport, writeEndpointReport } from "../state/endpointFiles.ts";

export interface ReportEndpointsOptions {
  readonly homePath: string;
  /** Whose they are, such as `language server`. */
  readonly name: string;
  readonly clock: Clock;
  readonly endpoints: () => readonly EndpointStatus[];
  readonly onEndpoints: (listener: () => void) => () => void;
  readonly pid?: number;
  readonly now?: () => Date;
}

/** Counts change with each request, and are told so much later at most. */
const everyMs = 10_000;

/**
 * Keeps a file of what is known of the remote engines, for `starcoder stats`: written where
 * something has changed, and nothing at all while there are none. Returns what ends it.
 */
export function reportEndpoints(options: ReportEndpointsOptions): () => void {
  const { homePath, name, clock, endpoints, onEndpoints } = options;
  const { pid = process.pid, now = () => new Date() } = options;
  let written = "";
  let isSoon = false;
  let cancel = (): void => undefined;

  function write(): void {
    isSoon = false;
    const all = [...endpoints()];
    // What counts down is no news.
    const state = all.length === 0 ? "" : JSON.stringify(all.map(withoutPause));
    if (state !== written) {
      written = state;
      const report: EndpointReport = { pid, name, time: now().toISOString(), endpoints: all };
      if (all.length === 0) removeEndpointReport(homePath, pid);
      else writeEndpointReport(homePath, report);
    }
    if (all.length > 0) cancel = clock.after(everyMs, write);
  }

  const stop = onEndpoints(() => {
    // Of a burst of changes the last is written.
    if (isSoon) return;
    isSoon = true;
    cancel();
    cancel = clock.after(0, write);
  });
  write();
  return () => {
    stop();
    cancel();
    if (written !== "") removeEndpointReport(homePath, pid);
  };
}

function withoutPause(status: EndpointStatus): object {
  return { ...status, retryInMs: undefined };
}
