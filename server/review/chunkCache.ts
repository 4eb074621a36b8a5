import { hashText } from "./lines.ts";
import type { Chunk, Finding, ReviewDocument } from "./types.ts";

/** Chunks whose findings are remembered; the ones used longest ago go first. */
const most = 2000;

/** Remembers what was found in chunks, so that undoing, redoing and saving again cost nothing. */
export interface ChunkCache {
  /** What is remembered, for the chunks of a document. */
  of(document: ReviewDocument): {
    get(key: string, chunk: Chunk): readonly Finding[] | undefined;
    set(key: string, chunk: Chunk, findings: readonly Finding[]): void;
  };
}

/**
 * What decides the findings of a chunk: its code, context and lines, the names around it, what it is
 * to do, and `circumstances`: model, settings.
 */
export function chunkKey(
  { languageId, text, purpose }: ReviewDocument,
  { start, end, lines, context }: Chunk,
  startLine: number,
  surroundings: string,
  circumstances: string,
): string {
  const relative = lines.map((range) => `${range.start - startLine}-${range.end - startLine}`);
  const code = text.slice(start, end);
  const aim = purpose === undefined ? "" : JSON.stringify(purpose);
  const parts = [languageId, circumstances, surroundings, aim, context, code, relative.join()];
  const all = parts.join("\0");
  return `${hashText(all)} ${hashText(all, 1)}`;
}

interface Entry {
  readonly start: number;
  readonly end: number;
  readonly text: number;
  readonly findings: readonly Finding[];
}

export function createChunkCache(): ChunkCache {
  const entries = new Map<string, Entry>();
  return {
    of({ text }) {
      const hash = hashText(text);
      return {
        get(key, chunk) {
          const entry = entries.get(key);
          if (entry === undefined) return undefined;
          entries.delete(key);
          entries.set(key, entry);
          return entry.text === hash ? entry.findings : moved(entry, chunk.start - entry.start);
        },
        set(key, { start, end }, findings) {
          entries.set(key, { start, end, text: hash, findings });
          const [oldest] = entries.keys();
          if (entries.size > most && oldest !== undefined) entries.delete(oldest);
        },
      };
    },
  };
}

function moved({ start, end, findings }: Entry, by: number): Finding[] {
  const move = <T extends { readonly start: number; readonly end: number }>(place: T): T => ({
    ...place,
    start: place.start + by,
    end: place.end + by,
  });
  return findings.map((finding) => ({
    ...move(finding),
    changes: finding.changes.map(move),
    // Where other places of the document lie by now is not known.
    related: finding.related.filter((place) => place.start >= start && place.end <= end).map(move),
  }));
}
