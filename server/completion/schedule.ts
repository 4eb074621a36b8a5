import type { Flight } from "./flight.ts";
import type { Purpose } from "./stop/purpose.ts";
import type { Place } from "./place.ts";

/** The generations under way: per document one for typing and one ahead of it. */
export interface Schedule {
  /** A running generation that the place agrees with so far. What departs from it is aborted. */
  join(place: Place, purpose: Purpose): Flight | undefined;
  /** Puts a new generation in the place of the document's present one. */
  start(uri: string, flight: Flight): void;
  speculate(uri: string, flight: Flight): void;
  isSpeculatedOn(place: Place): boolean;
  close(uri: string): void;
  abortAll(): void;
}

/** Creates an empty schedule. */
export function createSchedule(): Schedule {
  const typing = new Map<string, Flight>();
  const ahead = new Map<string, Flight>();

  function running(flights: Map<string, Flight>, uri: string): Flight | undefined {
    const flight = flights.get(uri);
    if (flight?.draft.settled !== true) return flight;
    flights.delete(uri);
    return undefined;
  }

  function replace(flights: Map<string, Flight>, uri: string, flight: Flight): void {
    flights.get(uri)?.abort();
    flights.set(uri, flight);
  }

  return {
    join(place, purpose) {
      let joined: Flight | undefined;
      for (const flights of [typing, ahead]) {
        const flight = running(flights, place.uri);
        if (flight === undefined) continue;
        const relation = flight.draft.relate(place);
        const atStart = relation.kind === "follows" && relation.consumed === 0;
        const tooShort = atStart && flight.draft.purpose === "line" && purpose === "block";
        if (relation.kind === "behind") continue;
        if (relation.kind === "departs" || tooShort || joined !== undefined) flight.abort();
        else joined = flight;
      }
      return joined;
    },
    isSpeculatedOn: (place) => running(ahead, place.uri)?.draft.relate(place).kind === "follows",
    start: (uri, flight) => replace(typing, uri, flight),
    speculate: (uri, flight) => replace(ahead, uri, flight),
    close(uri) {
      typing.get(uri)?.abort();
      ahead.get(uri)?.abort();
      typing.delete(uri);
      ahead.delete(uri);
    },
    abortAll() {
      for (const flight of [...typing.values(), ...ahead.values()]) flight.abort();
      typing.clear();
      ahead.clear();
    },
  };
}
