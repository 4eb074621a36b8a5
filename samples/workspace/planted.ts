/** Each function holds one mistake: save this file, or run `starcoder review` on it. */

export interface Item {
  readonly name: string;
  readonly price: number;
  readonly count: number;
}

// wrong-comparison: the last index is one past the end.
export function total(items: readonly Item[]): number {
  let sum = 0;
  for (let i = 0; i <= items.length; i++) {
    const item = items[i];
    sum += (item?.price ?? 0) * (item?.count ?? 0);
  }
  return sum;
}

// wrong-identifier: the lower limit is given twice.
export function clamp(value: number, least: number, most: number): number {
  if (value < least) return least;
  if (value > least) return most;
  return value;
}

// wrong-operator: the mean is a quotient.
export function mean(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sum = values.reduce((all, value) => all + value, 0);
  return sum * values.length;
}

// negation: an empty list has no first element.
export function firstName(items: readonly Item[]): string | undefined {
  if (!items.length) {
    return items[0]?.name;
  }
  return undefined;
}

// wrong-literal: counting begins at one.
export function countWhere(values: readonly number[], holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) {
    if (holds(value)) count += 2;
  }
  return count;
}

function drawLine(from: number, to: number): string {
  return `line from ${String(from)} to ${String(to)}`;
}

// swapped-arguments: from and to are exchanged.
export function drawAll(from: number, to: number): string {
  return drawLine(to, from);
}

// wrong-member: the width is taken for the height.
export function area(box: { readonly width: number; readonly height: number }): number {
  return box.width * box.width;
}

// missing-await: the text is a promise.
export async function firstLine(read: (path: string) => Promise<string>, path: string) {
  const text = read(path) as unknown as string;
  return text.split("\n")[0];
}

// missing-return: the doubled list is thrown away.
export function doubled(values: readonly number[]) {
  if (values.length === 0) return [];
  values.map((value) => value * 2);
}

// same-operands: an item is compared with itself.
export function isSame(a: Item, b: Item): boolean {
  return a.name === b.name && a.price === a.price;
}
