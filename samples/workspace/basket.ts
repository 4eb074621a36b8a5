/** One line of a shopping basket: prices are in cents. */
export interface Item {
  name: string;
  price: number;
  quantity: number;
}

export function priceOf(item: Item): number {
  return item.price * item.quantity;
}

export function totalOf(items: Item[]): number {
  let total = 0;
  for (const item of items) {
    total += priceOf(item);
  }
  return total;
}

export function quantityOf(items: Item[]): number {
  let quantity = 0;
  for (const item of items) {
    quantity += item.quantity;
  }
  return quantity;
}

export function cheapest(items: Item[]): Item | undefined {
  let found: Item | undefined;
  for (const item of items) {
    if (found === undefined || item.price < found.price) {
      found = item;
    }
  }
  return found;
}

// Try it: write the loop of this function. Tab accepts, Escape sends away.
export function dearest(items: Item[]): Item | undefined {
  let found: Item | undefined;

  return found;
}
