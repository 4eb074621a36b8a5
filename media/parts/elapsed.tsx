import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatDuration } from "./format.ts";

/** How long it stands there already, in whole seconds; for what takes its time. */
export function Elapsed(): JSX.Element {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span aria-hidden="true">{seconds === 0 ? "" : formatDuration(seconds)}</span>;
}
