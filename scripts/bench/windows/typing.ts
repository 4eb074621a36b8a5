import { setTimeout as delay } from "node:timers/promises";
import { replayKeys } from "../typing/replay.ts";
import { startLanguageServer, type LanguageServer } from "../languageServer.ts";

/** How the keys of some windows that typed at once fared. */
export interface TypingFigures {
  /** Milliseconds from a key to the answer; a key answered after the next one counts as infinite. */
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
export async function openTypingWindow(home: string, name: string): Promise<TypingWindow> {
  const server = await startLanguageServer(home);
  const uri = `file:///bench/${name}.ts`;
  const [opened] = replayKeys();
  if (opened === undefined) throw new Error("The replay has no keys.");
  const text = `// Window ${name}.\n${opened.text}`;
  const offset = text.length - opened.text.length + opened.offset;
  const before = text.slice(0, offset).split("\n");
  let line = before.length - 1;
  let character = before.at(-1)?.length ?? 0;
  let version = 1;
  await server.open(uri, "typescript", text);
  await server.complete(uri, line, character, true);

  async function key(piece: string): Promise<{ ms: number; suggested: boolean }> {
    const start = performance.now();
    version += 1;
    await server.insert(uri, version, line, character, piece);
    if (piece.includes("\n")) {
      line += 1;
      character = piece.length - 1;
    } else character += piece.length;
    const abort = new AbortController();
    const answer = server
      .complete(uri, line, character, false, abort.signal)
      .then((items) => ({ ms: performance.now() - start, suggested: items.length > 0 }));
    // The editor takes back what it asked for before.
    const late = delay(keyEveryMs, { ms: Infinity, suggested: false });
    const outcome = await Promise.race([answer, late]);
    abort.abort();
    answer.catch(() => undefined);
    await late;
    return outcome;
  }

  return {
    server,
    async type(keys) {
      const pieces = typedText(name).slice(0, keys);
      const times: number[] = [];
      let suggested = 0;
      for (const piece of pieces) {
        const outcome = await key(piece);
        times.push(outcome.ms);
        if (outcome.suggested) suggested += 1;
      }
      return { times, suggested };
    },
  };
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
