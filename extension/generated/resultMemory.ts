import { z } from "zod";
import { decisionSchema, type Decision } from "./resultSession.ts";

/** What was decided about results of this workspace, across windows and reloads. */
export interface ResultMemory {
  read(requestId: string): Decision | undefined;
  write(requestId: string, decision: Decision): void;
}

/** The part of the editor's memory that is used. */
export interface Memento {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const key = "starcoder.results";
const most = 30;
const schema = z.array(z.object({ requestId: z.string(), decision: decisionSchema }));

/** Keeps the decisions of the results that were worked on last. */
export function createResultMemory(memento: Memento): ResultMemory {
  const all = () => schema.safeParse(memento.get(key)).data ?? [];
  return {
    read: (requestId) => all().find((each) => each.requestId === requestId)?.decision,
    write(requestId, decision) {
      const others = all().filter((each) => each.requestId !== requestId);
      void memento.update(key, [...others, { requestId, decision }].slice(-most));
    },
  };
}
