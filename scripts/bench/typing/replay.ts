import { readFileSync } from "node:fs";

/** What the editor holds after one key: the whole text and the cursor. */
export interface Keystroke {
  readonly text: string;
  readonly offset: number;
  readonly kind: "open" | "type" | "backspace" | "accept" | "jump" | "below";
}

/** A text that no code holds: a mark that also is an operator once put the cursor elsewhere. */
const cursorMark = "«cursor»";
const sample = readFileSync(new URL("sample.txt", import.meta.url), "utf8");

/**
 * About 300 keys in a file with about 1,000 prefix and 500 suffix tokens: typing with line breaks
 * (which the editor indents) and backspaces, an accepted suggestion, a jump elsewhere and back, an
 * edit below the cursor. It begins at the cursor's mark in the sample.
 */
export function replayKeys(): Keystroke[] {
  const keys: Keystroke[] = [];
  let offset = sample.indexOf(cursorMark);
  let text = sample.replace(cursorMark, "");

  function insert(piece: string, kind: Keystroke["kind"]): void {
    text = text.slice(0, offset) + piece + text.slice(offset);
    offset += piece.length;
    keys.push({ text, offset, kind });
  }

  /** Types key by key; a line break comes with the indentation that follows it. */
  function type(piece: string): void {
    for (const [key] of piece.matchAll(/\n *|[^\n]/g)) insert(key, "type");
  }

  function erase(count: number): void {
    for (let left = count; left > 0; left--) {
      text = text.slice(0, offset - 1) + text.slice(offset);
      offset -= 1;
      keys.push({ text, offset, kind: "backspace" });
    }
  }

  function jump(to: number): void {
    offset = to;
    keys.push({ text, offset, kind: "jump" });
  }

  keys.push({ text, offset, kind: "open" });
  type("    drop(priority: Priority): number {\n      let dropepd");
  erase(3);
  type("ped = 0;\n      for (const entry of [...entries]) {\n        if (entry.prioriy");
  erase(1);
  type("ty !== priority || ");
  insert("entry.started) continue;", "accept");
  type("\n        entries.delete(entry);\n        dropped += 1;");

  const back = text.length - offset;
  jump(text.indexOf("  /** Jobs not finished yet. */"));
  type("  /** Ends what has not begun. */\n  drop(");
  insert("priority: Priority): number;\n", "accept");
  jump(text.length - back);
  type("\n      }\n      return dropped;\n    },\n");

  const below = text.indexOf("/** Lends sequences");
  text = `${text.slice(0, below)}/** Added by a tool. */\n${text.slice(below)}`;
  keys.push({ text, offset, kind: "below" });
  type("    get waiting() {\n      return [...entries].filter((entry) => ");
  return keys;
}
