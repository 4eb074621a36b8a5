import { useCallback, useEffect, useState } from "preact/hooks";
import { doctorReportSchema, type DoctorReport } from "../../server/protocol/records.ts";
import { healthViewEvents } from "../../server/protocol/webview.ts";
import type { Bridge } from "../bridge/bridge.ts";
import { failureOf, type Failure } from "../parts/errorBanner.tsx";

/** Longer than the extension waits for a doctor with its slow checks. */
const requestTimeoutMs = 610_000;

export interface Diagnosis {
  /** Set while it runs. */
  readonly running: { readonly full: boolean; readonly progress: string } | undefined;
  /** The last one; it stays while the next one runs. */
  readonly report: DoctorReport | undefined;
  readonly failure: Failure | undefined;
  readonly run: (full: boolean) => void;
}

/** The doctor of the view; `onAsked` is called when the editor asks for a diagnosis. */
export function useDiagnosis(bridge: Bridge, atOnce: boolean, onAsked: () => void): Diagnosis {
  const [running, setRunning] = useState<Diagnosis["running"]>(undefined);
  const [report, setReport] = useState<DoctorReport | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);

  const run = useCallback(
    (full: boolean): void => {
      const started = { full, progress: "" };
      setRunning(started);
      setFailure(undefined);
      bridge
        .request("diagnose", { full }, requestTimeoutMs)
        .then((answer) => setReport(doctorReportSchema.parse(answer)))
        .catch((thrown: unknown) => setFailure(failureOf(thrown)))
        .finally(() => setRunning(undefined));
    },
    [bridge],
  );

  useEffect(() => {
    const stop = bridge.onEvent(({ name, data }) => {
      if (name === "progress") {
        const { line } = healthViewEvents.progress.parse(data);
        setRunning((current) => (current === undefined ? current : { ...current, progress: line }));
      } else if (name === "diagnose") {
        onAsked();
        run(false);
      }
    });
    if (atOnce) {
      onAsked();
      run(false);
    }
    return stop;
  }, [bridge]);

  return { running, report, failure, run };
}
