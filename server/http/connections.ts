import type { Socket } from "node:net";

/** The open connections of the API, and what they are busy with. */
export interface Connections {
  /** A connection was made; where there are too many, the one idle for longest is closed. */
  opened(socket: Socket): void;
  /** A request of it begins; undefined: it has too many at once. Else what ends it. */
  began(socket: Socket): (() => void) | undefined;
  /** Calls back when no request of it is under way, at once where none is. */
  whenIdle(socket: Socket, act: () => void): void;
  /** Ends all; with `force` those with requests, too. */
  closeAll(): void;
  readonly count: number;
}

interface Entry {
  inFlight: number;
  onIdle: (() => void) | undefined;
}

/** @param most open at once; @param perConnection requests of one at once */
export function createConnections(most: number, perConnection: number): Connections {
  /** In the order of their last use. */
  const entries = new Map<Socket, Entry>();

  function makeRoom(newcomer: Socket): void {
    if (entries.size <= most) return;
    const idle = [...entries].find(
      ([socket, { inFlight }]) => inFlight === 0 && socket !== newcomer,
    );
    (idle?.[0] ?? newcomer).destroy();
  }

  return {
    opened(socket) {
      entries.set(socket, { inFlight: 0, onIdle: undefined });
      socket.once("close", () => entries.delete(socket));
      makeRoom(socket);
    },
    began(socket) {
      const entry = entries.get(socket) ?? { inFlight: 0, onIdle: undefined };
      if (entry.inFlight >= perConnection) return undefined;
      entry.inFlight += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        entry.inFlight -= 1;
        if (entries.delete(socket)) entries.set(socket, entry);
        if (entry.inFlight === 0) entry.onIdle?.();
      };
    },
    whenIdle(socket, act) {
      const entry = entries.get(socket);
      if (entry === undefined || entry.inFlight === 0) act();
      else entry.onIdle = act;
    },
    closeAll() {
      for (const socket of entries.keys()) socket.destroy();
    },
    get count() {
      return entries.size;
    },
  };
}
