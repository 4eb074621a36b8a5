import { setTimeout as delay } from "node:timers/promises";
import { replayKeys } from "../typing/replay.ts";
import { startLanguageServer, type LanguageServer } from "../languageServer.ts";

/** How the keys of some windows that typed at once fared. */
export interface TypingFigures {
  /** Milliseconds from each key to the answer to it or, where that was taken back, to a later one. */
  readonly times: readonly number[];
  readonly suggested: number;
}

const keyEveryMs = 200;

/** A window with its own document, ready to type. */
export interface TypingWindow {
  readonly server: LanguageServer;
  type(keys: number): Promise<TypingFigures>;
}

/** Opens a window whose document is like no other window's, and waits for the model. */
export async function openTypingWindow(
  home: string,
  name: string,
  index = 0,
  settings: Record<string, unknown> = {},
): Promise<TypingWindow> {
  const server = await startLanguageServer(home, settings);
  const uri = `file:///bench/${name}.ts`;
  const [opened] = replayKeys();
  if (opened === undefined) throw new Error("The replay has no keys.");
  const head = renamed(opened.text.slice(0, opened.offset), name);
  const text = head + renamed(opened.text.slice(opened.offset), name);
  const before = head.split("\n");
  let line = before.length - 1;
  let character = before.at(-1)?.length ?? 0;
  let version = 1;
  let typed = (index * 37) % typedText(name).length;
  await server.open(uri, "typescript", text);
  await server.complete(uri, line, character, true);

  async function key(piece: string, signal: AbortSignal): Promise<boolean> {
    version += 1;
    await server.insert(uri, version, line, character, piece);
    if (piece.includes("\n")) {
      line += 1;
      character = piece.length - 1;
    } else character += piece.length;
    return (await server.complete(uri, line, character, false, signal)).length > 0;
  }

  return {
    server,
    async type(keys) {
      // Each at its own moment and in its own place: nobody's fingers keep in step with another's.
      await delay((index * keyEveryMs) / 8);
      const pieces = typedText(name);
      const times: number[] = [];
      let waiting: { readonly number: number; readonly start: number }[] = [];
      let suggested = 0;
      let last: Promise<void> = Promise.resolve();
      for (let left = keys; left > 0; left -= 1) {
        const piece = pieces[typed % pieces.length] ?? " ";
        typed += 1;
        const number = typed;
        waiting.push({ number, start: performance.now() });
        const abort = new AbortController();
        last = key(piece, abort.signal).then((isSuggested) => {
          if (abort.signal.aborted) return;
          const now = performance.now();
          const answered = waiting.filter((asked) => asked.number <= number);
          waiting = waiting.filter((asked) => asked.number > number);
          times.push(...answered.map(({ start }) => now - start));
          if (isSuggested) suggested += 1;
        }, ignore);
        await delay(keyEveryMs);
        // The editor takes back what it asked for before, and asks anew.
        if (left > 1) abort.abort();
      }
      await last;
      return { times, suggested };
    },
  };
}

/** A request that was taken back may be refused. */
function ignore(): void {
  return undefined;
}

/** The same text in other words, so that no two windows share what the model has read. */
function renamed(text: string, name: string): string {
  return text.replace(
    /\b(?:entry|entries|job|slot|priority|signal|sequence|now|step)\b/gi,
    `$&${name}`,
  );
}

/** What a window types, key by key: nobody types the same at the same time. */
function typedText(name: string): readonly string[] {
  const text = [
    `    drop${name}(priority: Priority): number {\n      let dropped = 0;\n`,
    `      for (const entry of [...entries]) {\n        if (entry.priority !== priority) continue;\n`,
    `        entries.delete(entry);\n        dropped += 1;\n      }\n      return dropped;\n    },\n`,
    `    get waiting${name}() {\n      return [...entries].filter((entry) => !entry.started).length;\n    },\n`,
    `    oldest${name}(): Entry | undefined {\n      return [...entries].sort((a, b) => a.arrived - b.arrived)[0];\n    },\n`,
  ].join("");
  return [...text.matchAll(/\n *|[^\n]/g)].map(([piece]) => piece);
}
