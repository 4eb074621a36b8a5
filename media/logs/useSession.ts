import { useEffect, useState } from "preact/hooks";
import type { LogSession, LogSessionState } from "./logSession.ts";

/** Draws the part anew whenever the session changes. */
export function useSession(session: LogSession): LogSessionState {
  const [, setChanges] = useState(0);
  useEffect(() => session.onChange(() => setChanges((count) => count + 1)), [session]);
  return session.state;
}
