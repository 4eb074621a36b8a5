/*
 * Where the rows of a list of any length stand. Browsers draw elements of some 16 million pixels at
 * most: past that the scroll range stands for more rows than it has room for.
 */

/** Pixels. */
export const rowHeight = 22;
/** Of the element that is scrolled. */
export const mostScrollHeight = 8_000_000;

/** A list as it is seen: how many rows there are, and the pixels of its view. */
export interface ListShape {
  readonly total: number;
  readonly viewHeight: number;
}

export function scrollHeightOf({ total }: ListShape): number {
  return Math.min(total * rowHeight, mostScrollHeight);
}

/** The largest offset: with it the last row stands at the bottom. */
export function endOf({ total, viewHeight }: ListShape): number {
  return Math.max(0, total * rowHeight - viewHeight);
}

/** Pixels of the scrolled element → pixels of the whole list. */
export function offsetOf(scrollTop: number, shape: ListShape): number {
  return scrollTop * scaleOf(shape);
}

/** Pixels of the whole list → pixels of the scrolled element. */
export function scrollTopOf(offset: number, shape: ListShape): number {
  return offset / scaleOf(shape);
}

export function clampOffset(offset: number, shape: ListShape): number {
  return Math.min(Math.max(0, offset), endOf(shape));
}

/** Whether the scroll range is too short for the rows. */
export function isScaled({ total }: ListShape): boolean {
  return total * rowHeight > mostScrollHeight;
}

/** Rows to draw: those in view and some around them; `to` is exclusive. */
export function rowsInView(
  offset: number,
  { total, viewHeight }: ListShape,
  around: number,
): { readonly from: number; readonly to: number } {
  const first = Math.floor(offset / rowHeight);
  const last = Math.ceil((offset + viewHeight) / rowHeight);
  return { from: Math.max(0, first - around), to: Math.min(total, last + around) };
}

/** The offset nearest to this one with which the whole row is seen. */
export function offsetToShow(row: number, offset: number, shape: ListShape): number {
  const top = row * rowHeight;
  if (top < offset) return top;
  const bottom = top + rowHeight - shape.viewHeight;
  return clampOffset(Math.max(offset, bottom), shape);
}

function scaleOf(shape: ListShape): number {
  const drawn = scrollHeightOf(shape) - shape.viewHeight;
  return isScaled(shape) && drawn > 0 ? endOf(shape) / drawn : 1;
}
