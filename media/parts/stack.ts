/** Values of one series; a gap where nothing was measured. */
export type Values = readonly (number | undefined)[];

/**
 * Series on top of each other: each holds the sum of itself and those before it. A gap counts as
 * nothing where another series has a value, and stays a gap where none has.
 */
export function stack(series: readonly Values[]): (number | null)[][] {
  const length = Math.max(0, ...series.map((values) => values.length));
  const sums = Array.from({ length }, () => 0);
  const known = Array.from({ length }, (_, index) =>
    series.some((values) => values[index] !== undefined),
  );
  return series.map((values) =>
    sums.map((sum, index) => {
      if (known[index] !== true) return null;
      const next = sum + (values[index] ?? 0);
      sums[index] = next;
      return next;
    }),
  );
}

/** Whether there is nothing to draw. */
export function hasNothing(series: readonly { readonly values: Values }[]): boolean {
  return series.every(({ values }) => values.every((value) => value === undefined));
}
