/**
 * The row that a key goes to.
 * @param page rows that a page key moves by
 * @returns undefined: the key moves nothing.
 */
export function keyMove(
  key: string,
  selected: number | undefined,
  total: number,
  page: number,
): number | undefined {
  if (total === 0) return undefined;
  const last = total - 1;
  const move = (by: number): number => Math.min(last, Math.max(0, (selected ?? last) + by));
  switch (key) {
    case "ArrowDown":
      return selected === undefined ? last : move(1);
    case "ArrowUp":
      return selected === undefined ? last : move(-1);
    case "PageDown":
      return move(page);
    case "PageUp":
      return move(-page);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
