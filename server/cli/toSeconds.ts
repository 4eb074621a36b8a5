import { InvalidArgumentError } from "commander";

/** A number of seconds as it stands behind an option: more than none, at most a day. */
export function toSeconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError("Expected a number of seconds.");
}
