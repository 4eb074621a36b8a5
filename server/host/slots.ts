import type { Priority } from "../protocol/host.ts";
import type { ModelSequence, Token } from "./model.ts";
import type { Client } from "./turns.ts";

/** A KV sequence as something to be lent. */
export interface Slot {
  readonly sequence: ModelSequence;
  readonly busy: boolean;
}

interface SlotState {
  readonly sequence: ModelSequence;
  busy: boolean;
  usedBy: Priority | undefined;
  usedFor: Client | undefined;
  /** Grows with each use; 0: never. */
  usedAt: number;
}

/** Lends sequences to requests so that each finds most of its prompt already evaluated. */
export interface Slots {
  /**
   * The best free slot for a prompt; undefined when none may be taken now. It is busy until
   * `release`.
   */
  acquire(prompt: readonly Token[], priority: Priority, client?: Client): Slot | undefined;
  release(slot: Slot): void;
  readonly all: readonly Slot[];
}

/** Share of a slot's cache a prompt must agree with to count as a continuation of it. */
const continuationShare = 0.5;
/** What speculation may erase at the end of a typing slot: the tail of a suggestion. */
const erasableTail = 32;

/**
 * The last sequence belongs to background work alone (where there is more than one), the others to
 * typing and speculation: the longest shared prefix wins; a prompt that continues none takes an
 * empty slot, then the least recently used one, speculation's own before a document's. A window with
 * the focus keeps the document it types in while there is another to give up.
 */
export function createSlots(sequences: readonly ModelSequence[]): Slots {
  const all: SlotState[] = sequences.map((sequence) => ({
    sequence,
    busy: false,
    usedBy: undefined,
    usedFor: undefined,
    usedAt: 0,
  }));
  const background = all.length > 1 ? all.slice(-1) : all;
  const foreground = all.length > 1 ? all.slice(0, -1) : all;
  let uses = 0;

  function choose(
    prompt: readonly Token[],
    priority: Priority,
    client: Client | undefined,
  ): SlotState | undefined {
    const free = (priority === "background" ? background : foreground).filter((slot) => !slot.busy);
    const newest = newestTyping(foreground);
    const best = free
      .map((slot) => ({ slot, shared: slot.sequence.sharedPrefix(prompt) }))
      .filter(({ slot, shared }) => {
        const { length } = slot.sequence;
        if (shared === 0) return false;
        if (priority === "speculation" && slot.usedBy === "typing")
          return length - shared <= erasableTail;
        return shared >= continuationShare * Math.min(length, prompt.length);
      })
      .sort((a, b) => b.shared - a.shared || b.slot.usedAt - a.slot.usedAt)[0];
    if (best !== undefined) return best.slot;
    const replaceable =
      priority === "speculation" && foreground.length > 1
        ? free.filter((slot) => slot !== newest)
        : free;
    const isKept = (slot: SlotState): boolean =>
      slot.usedFor?.focused === true &&
      slot.usedFor !== client &&
      slot === newestTyping(foreground.filter(({ usedFor }) => usedFor === slot.usedFor));
    return replaceable.sort(
      (a, b) => Number(isKept(a)) - Number(isKept(b)) || rank(a) - rank(b) || a.usedAt - b.usedAt,
    )[0];
  }

  return {
    all,
    acquire(prompt, priority, client) {
      const slot = choose(prompt, priority, client);
      if (slot === undefined) return undefined;
      slot.busy = true;
      slot.usedBy = priority;
      slot.usedFor = client;
      slot.usedAt = ++uses;
      return slot;
    },
    release(slot) {
      const state = all.find((candidate) => candidate === slot);
      if (state !== undefined) state.busy = false;
    },
  };
}

/** Empty slots are given away first, then speculation's, then documents. */
function rank(slot: SlotState): number {
  if (slot.sequence.length === 0) return 0;
  return slot.usedBy === "typing" ? 2 : 1;
}

function newestTyping(slots: readonly SlotState[]): SlotState | undefined {
  return slots
    .filter((slot) => slot.usedBy === "typing" && slot.sequence.length > 0)
    .sort((a, b) => b.usedAt - a.usedAt)[0];
}
