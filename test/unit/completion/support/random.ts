/** Repeatable numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An edit session: a text and a cursor, changed at random as people and tools do. */
export function createEditing(seed: number, text: string) {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const pieces = [
    "a",
    "Z",
    "_",
    " ",
    "(",
    ")",
    "\n",
    "\r\n",
    "é",
    "e\u0301",
    "🙂",
    "👩‍💻",
    "ש",
    "\t",
    "=>",
  ];
  const state = { text, cursor: Math.floor(random() * text.length) };

  function insert(at: number, piece: string): void {
    state.text = state.text.slice(0, at) + piece + state.text.slice(at);
    if (at <= state.cursor) state.cursor += piece.length;
  }

  return {
    state,
    step(): void {
      const kind = random();
      if (kind < 0.6) insert(state.cursor, pick(pieces));
      else if (kind < 0.75 && state.cursor > 0) {
        const cut = pick([1, 1, 1, 2, 7]);
        const from = Math.max(0, state.cursor - cut);
        state.text = state.text.slice(0, from) + state.text.slice(state.cursor);
        state.cursor = from;
      } else if (kind < 0.82)
        insert(Math.floor(random() * state.cursor), pick(["x", "import y\n"]));
      else if (kind < 0.88) {
        const below = state.cursor + 1 + Math.floor(random() * (state.text.length - state.cursor));
        if (below <= state.text.length) insert(below, pick(["x", "}\n"]));
      } else if (kind < 0.94) state.cursor = Math.floor(random() * (state.text.length + 1));
      else insert(state.cursor, "const pasted = [1, 2, 3];\n".repeat(pick([1, 3, 60])));
    },
  };
}
