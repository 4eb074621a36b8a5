import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import {
  clampOffset,
  endOf,
  isScaled,
  offsetOf,
  offsetToShow,
  rowHeight,
  scrollTopOf,
  type ListShape,
} from "./listWindow.ts";
import type { LogSessionState } from "./logSession.ts";

export interface ListView {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly shape: ListShape;
  /** Pixels of the whole list above the view. */
  readonly offset: number;
  readonly scrollTop: number;
  /** Rows that came while the end was not in view. */
  readonly unseen: number;
  readonly onScroll: () => void;
  readonly onWheel: (event: WheelEvent) => void;
  readonly showRow: (row: number) => void;
  readonly showEnd: () => void;
}

/**
 * Where a list of any length is scrolled to. It opens at its end and stays there while rows are
 * added; scrolled up it stays on the rows that are seen.
 */
export function useListView({ total, generation, prepended }: LogSessionState): ListView {
  const scroller = useRef<HTMLDivElement>(null);
  const [viewHeight, setViewHeight] = useState(0);
  const [offset, setOffset] = useState(0);
  const shape = { total, viewHeight };
  const place = useRef({ scrollTop: 0, atEnd: true, seen: 0, generation: 0, prepended: 0 });
  const { current } = place;

  function moveTo(next: number): void {
    const clamped = clampOffset(next, shape);
    current.atEnd = clamped >= endOf(shape) - rowHeight / 2;
    setOffset(clamped);
  }

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    setViewHeight(element.clientHeight);
    const observer = new ResizeObserver(() => setViewHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (generation !== current.generation) current.atEnd = true;
    const shift = generation === current.generation ? prepended - current.prepended : 0;
    current.generation = generation;
    current.prepended = prepended;
    if (current.atEnd) setOffset(endOf(shape));
    else {
      if (shift > 0) current.seen += shift;
      setOffset((before) => clampOffset(before + shift * rowHeight, shape));
    }
  }, [total, viewHeight, generation, prepended]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const wanted = scrollTopOf(offset, shape);
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted;
    current.scrollTop = element.scrollTop;
  });

  if (current.atEnd) current.seen = total;
  return {
    scroller,
    shape,
    offset,
    scrollTop: scrollTopOf(offset, shape),
    unseen: Math.max(0, total - current.seen),
    onScroll() {
      const top = scroller.current?.scrollTop ?? 0;
      // The list itself has moved it.
      if (Math.abs(top - current.scrollTop) < 1) return;
      current.scrollTop = top;
      moveTo(offsetOf(top, shape));
    },
    onWheel(event) {
      // One turn of the wheel would skip thousands of rows.
      if (!isScaled(shape) || event.ctrlKey) return;
      event.preventDefault();
      moveTo(offset + event.deltaY * (event.deltaMode === 1 ? rowHeight : 1));
    },
    showRow: (row) => moveTo(offsetToShow(row, offset, shape)),
    showEnd: () => moveTo(endOf(shape)),
  };
}
