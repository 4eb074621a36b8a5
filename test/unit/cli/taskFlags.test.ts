import { expect, test } from "vitest";
import { taskOf } from "../../../server/cli/generate/taskFlags.ts";

const flags = { task: "Add two numbers", requirements: [], review: true };

test("A misspelled language is a misuse that names the one meant; one that nobody here knows is taken", async () => {
  await expect(taskOf({ ...flags, language: "pyhton" })).rejects.toThrow(
    "--language: pyhton is not known. Did you mean python?",
  );
  expect((await taskOf({ ...flags, language: "zig" })).task.language).toBe("zig");
});
