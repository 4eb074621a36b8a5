/** Language ids as editors have them, of which the product knows something. */
const known = (
  "c clojure coffeescript cpp csharp css cuda-cpp dart elixir fsharp go haskell html java " +
  "javascript javascriptreact json kotlin latex lua markdown nim perl php plaintext powershell pug " +
  "python restructuredtext ruby rust sass scala shellscript sql swift typescript typescriptreact yaml"
).split(" ");

/** Languages that are spelled nearly as one of those and are none of them. */
const others = new Set(["haml", "json5", "jsonc", "jsonl", "scss", "plsql", "livescript"]);

/** Words so short differ by a letter or two from anything. */
const shortest = 4;
/** Up to here one letter may be wrong, in longer ones two. */
const shortWord = 5;

/**
 * The known language ids that one which is not known was evidently meant to be, the nearest first;
 * empty for one that is known, and for one that is like none: models know more than we do.
 */
export function nearLanguages(languageId: string): readonly string[] {
  if (known.includes(languageId) || others.has(languageId)) return [];
  if (languageId.length < shortest) return [];
  const most = languageId.length <= shortWord ? 1 : 2;
  return known
    .map((id) => ({ id, distance: id.length < shortest ? Infinity : distanceOf(languageId, id) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .map(({ id }) => id);
}

/** Letters to put in, to take away or to replace, and neighbours to swap: optimal string alignment. */
function distanceOf(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const at = (up: number, left: number) => rows[i - up]?.[j - left] ?? Infinity;
      row.push(
        Math.min(
          at(1, 0) + 1,
          (row[j - 1] ?? Infinity) + 1,
          at(1, 1) + (isSame ? 0 : 1),
          isSwapped ? at(2, 2) + 1 : Infinity,
        ),
      );
    }
    rows.push(row);
  }
  return rows.at(-1)?.at(-1) ?? Infinity;
}

/** Said with a result whose language no grammar reads. */
export function uncheckedNote(languageId: string): string {
  return `Syntax not checked: no grammar for ${languageId}.`;
}
