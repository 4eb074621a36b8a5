/** An id made of any text, different from those that are taken. */
export function toModelId(text: string, taken: readonly string[] = []): string {
  const plain = text
    .toLowerCase()
    .replace(/\.gguf$/, "")
    .replace(/[^a-z0-9._-]+/g, "-")
    .slice(0, 90)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  const id = plain === "" ? "model" : plain;
  if (!taken.includes(id)) return id;
  for (let number = 2; ; number += 1) {
    const next = `${id}-${String(number)}`;
    if (!taken.includes(next)) return next;
  }
}
