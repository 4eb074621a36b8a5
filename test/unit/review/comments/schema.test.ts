import { describe, expect, it } from "vitest";
import {
  grammarSchemaOf,
  longest,
  mostComments,
} from "../../../../server/review/comments/schema.ts";

/** Every schema inside a schema, itself included. */
function* parts(schema: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof schema !== "object" || schema === null) return;
  if (!Array.isArray(schema)) yield schema as Readonly<Record<string, unknown>>;
  for (const part of Object.values(schema)) yield* parts(part);
}

describe("the schema of comments", () => {
  const all = [...parts(grammarSchemaOf([3, 4]))];

  it("bounds every string and array, so that no answer runs on", () => {
    const strings = all.filter(({ type }) => type === "string");
    const arrays = all.filter(({ type }) => type === "array");
    expect(strings).toHaveLength(3);
    const bounds = strings.map(({ maxLength }) => Number(maxLength));
    expect(bounds.sort()).toEqual(Object.values<number>(longest).sort());
    expect(arrays.map(({ maxItems }) => maxItems)).toEqual([mostComments]);
  });

  it("gives lines, categories and severities as enumerations, never as free numbers", () => {
    expect(all.filter((part) => "enum" in part)).toHaveLength(3);
    expect(all.some(({ type }) => type === "integer" || type === "number")).toBe(false);
  });
});
