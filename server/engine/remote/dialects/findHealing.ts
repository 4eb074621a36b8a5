import { CodedError } from "../../../protocol/errors.ts";
import type { Transport } from "../transport/transport.ts";
import { createCompletionsReader } from "./completionsStream.ts";
import type { StreamItem, Wanted } from "./dialect.ts";
import { readText } from "./readText.ts";

/** What a body holds so that the output begins with a text. */
export type Healing = (heal: string) => object;

export interface FindHealingOptions {
  readonly transport: Transport;
  readonly path: string;
  /** Tried in turn. */
  readonly healings: readonly Healing[];
  readonly bodyOf: (wanted: Wanted, healed: object, signal: AbortSignal) => Promise<object>;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  readonly reader?: () => (data: string) => readonly StreamItem[];
}

export interface FoundHealing {
  /** Undefined: the server heeds none of them. */
  readonly healing: Healing | undefined;
  /** Whether it tells how much of a prompt it had in its cache. */
  readonly tellsCached: boolean;
}

/** Nothing that a model would write after a function; another one, since servers remember the first. */
const unlikely = "zqzq";
const alsoUnlikely = "qxqx";

/** Each key has another text to begin with: a server that takes longer for one is no help. */
const mostHealingMs = 500;

/** Tries what makes outputs begin with a text: a server that ignores it shows that by what it writes. */
export async function findHealing(
  options: FindHealingOptions,
  signal: AbortSignal,
): Promise<FoundHealing> {
  let tellsCached = false;
  for (const healing of options.healings) {
    try {
      const tried = await complete(options, healing, unlikely, signal);
      tellsCached ||= tried.tellsCached;
      if (!tried.text.startsWith(unlikely)) continue;
      const startedAt = options.now();
      await complete(options, healing, alsoUnlikely, signal);
      if (options.now() - startedAt <= mostHealingMs) return { healing, tellsCached };
    } catch (thrown) {
      if (!(thrown instanceof CodedError) || !isAboutRequest(thrown)) throw thrown;
    }
  }
  return { healing: undefined, tellsCached };
}

function isAboutRequest({ code }: CodedError): boolean {
  return code === "ENDPOINT_REFUSED" || code === "ENDPOINT_FAILED";
}

async function complete(
  { transport, path, bodyOf, reader = createCompletionsReader }: FindHealingOptions,
  healing: Healing,
  heal: string,
  signal: AbortSignal,
): Promise<{ text: string; tellsCached: boolean }> {
  const wanted: Wanted = {
    prompt: [{ text: "def add(a, b):\n    return a + b\n\n" }],
    heal,
    maxTokens: 2,
    sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
    stopTokens: [],
  };
  let tellsCached = false;
  const inner = reader();
  const read = (data: string): readonly StreamItem[] => {
    tellsCached ||= /"cached_tokens"\s*:\s*\d/.test(data);
    return inner(data);
  };
  const body = await bodyOf(wanted, healing(heal), signal);
  const text = await readText(transport, { path, body, read }, signal);
  return { text, tellsCached };
}
