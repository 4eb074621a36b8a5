import { useCallback, useEffect, useState } from "preact/hooks";
import { resultViewEvents, type ResultView } from "../../server/protocol/resultView.ts";
import type { Bridge } from "../bridge/bridge.ts";
import { failureOf, type Failure } from "../parts/errorBanner.tsx";

export interface Shown {
  readonly result: ResultView;
  /** Why the last button did nothing. */
  readonly failure: Failure | undefined;
  /** What the last button did, for those who do not see it. */
  readonly said: string;
  /** Whether an answer is waited for. */
  readonly isBusy: boolean;
  /** Asks the extension; `done` is said when it was done. */
  readonly ask: (method: string, params: object, done: string) => void;
}

/** The result as the extension has it, and how to ask for changes. */
export function useResult(bridge: Bridge, initial: ResultView): Shown {
  const [result, setResult] = useState(initial);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [said, setSaid] = useState("");
  const [waiting, setWaiting] = useState(0);

  useEffect(() => {
    const stop = bridge.onEvent(({ name, data }) => {
      const told = name === "result" ? resultViewEvents.result.safeParse(data).data : undefined;
      if (told === undefined) return;
      setResult((before) => {
        if (before.requestId !== told.requestId) setFailure(undefined);
        return told;
      });
    });
    // What was told before this view listened is told again.
    bridge.request("show", {}).catch(() => undefined);
    return stop;
  }, [bridge]);

  const ask = useCallback(
    (method: string, params: object, done: string) => {
      setWaiting((count) => count + 1);
      setFailure(undefined);
      bridge
        .request(method, params)
        .then(
          () => setSaid(done),
          (thrown: unknown) => setFailure(failureOf(thrown)),
        )
        .finally(() => setWaiting((count) => count - 1));
    },
    [bridge],
  );
  return { result, failure, said, isBusy: waiting > 0, ask };
}
