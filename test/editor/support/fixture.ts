/** Functions that repeat themselves, so that even the tiny model knows how the last one goes on. */
export const above = `function add(first, second) {
  return first + second;
}

function subtract(first, second) {
  return first - second;
}

function multiply(first, second) {
`;

/** What follows the cursor. */
export const below = "\n}\n";

/** The file as it is opened, with the cursor at `|`. */
export const fixture = `${above}|${below}`;

/** What the tests type at the cursor. */
export const typed = "  return fir";
