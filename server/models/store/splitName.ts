/** What the name of a part of a split model tells: `model-00002-of-00005.gguf`. */
export interface SplitName {
  /** From 1. */
  readonly part: number;
  readonly parts: number;
  /** Without the numbers. */
  readonly stem: string;
}

/** Undefined for a file that is a model by itself. */
export function splitNameOf(name: string): SplitName | undefined {
  const found = /^(.+)-(\d{5})-of-(\d{5})\.gguf$/i.exec(name);
  if (found === null) return undefined;
  const [, stem = "", part, parts] = found;
  return { stem, part: Number(part), parts: Number(parts) };
}

/** The names of all parts of a model whose first part has this name; that name alone if it has one. */
export function partsOf(name: string): string[] {
  const split = splitNameOf(name);
  // More than 999 parts are no model.
  if (split === undefined || split.parts < 1 || split.parts > 999) return [name];
  const number = (value: number) => String(value).padStart(5, "0");
  return Array.from(
    { length: split.parts },
    (_, index) => `${split.stem}-${number(index + 1)}-of-${number(split.parts)}.gguf`,
  );
}
