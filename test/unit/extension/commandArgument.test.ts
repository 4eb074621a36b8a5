import { describe, expect, it } from "vitest";
import { withArgument, type CommandContext } from "../../../extension/commands/command.ts";
import { logFilterSchema, type LogFilter } from "../../../server/protocol/logs.ts";

describe("a command with an argument", () => {
  const given: (LogFilter | undefined)[] = [];
  const command = withArgument(logFilterSchema, (_context, filter) => void given.push(filter));
  const run = (argument?: unknown) => command.run({} as CommandContext, argument);

  it("takes one of the right form, and none from the palette", () => {
    given.length = 0;
    void run({ code: "MEMORY_ERROR" });
    void run();
    // As the editor's own lists pass it.
    void run(null);
    expect(given).toEqual([{ code: "MEMORY_ERROR" }, undefined, undefined]);
  });

  it("refuses one of another form, and says what is wrong with it", () => {
    given.length = 0;
    expect(() => run({ level: "loud" })).toThrow(
      expect.objectContaining({ code: "VALIDATION_ERROR" }),
    );
    expect(() => run("everything")).toThrow(/expected object/i);
    expect(given).toEqual([]);
  });
});
