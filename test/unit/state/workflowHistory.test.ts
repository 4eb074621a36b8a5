import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toCodedError } from "../../../server/protocol/errors.ts";
import { createWorkflowHistory, longestWorkflow } from "../../../server/state/workflowHistory.ts";
import { temporaryFolder } from "../../support/localEngine.ts";
import { keptWorkflow, workflowRound } from "../../support/workflows.ts";

const at = (minute: number) => `2026-11-28T10:${String(minute).padStart(2, "0")}:00.000Z`;
const numbered = (minute: number) =>
  keptWorkflow({ requestId: `s1-g${minute}`, createdAt: at(minute) });

describe("the history of workflows", () => {
  it("gives back what was added, the newest first, to every program of the home", async () => {
    const home = temporaryFolder();
    const kept = keptWorkflow({ requestId: "s1-g1", path: "src/a.ts" }, { uri: "file:///a.ts" });
    const history = createWorkflowHistory(home);
    await history.add(kept);
    await history.add(numbered(5));
    const other = createWorkflowHistory(home);
    expect((await other.list()).map(({ requestId }) => requestId)).toEqual(["s1-g5", "s1-g1"]);
    expect((await history.list())[1]).toEqual({
      ...{ requestId: "s1-g1", createdAt: at(0), task: "Add two numbers", language: "typescript" },
      ...{ path: "src/a.ts", score: 8, end: "score", model: "tiny", rounds: 1 },
      uri: "file:///a.ts",
    });
    expect(await other.read("s1-g1")).toEqual(kept);
    if (process.platform !== "win32") {
      expect(statSync(join(home, "workflows", "s1-g1.json")).mode & 0o777).toBe(0o600);
    }
  });

  it("is empty in a home that has none, and writes nothing for a look", async () => {
    const home = temporaryFolder();
    const history = createWorkflowHistory(home);
    expect(await history.list()).toEqual([]);
    expect(await history.read("s1-g1")).toBeUndefined();
    expect(readdirSync(home)).toEqual([]);
  });

  it("keeps the newest, by number and by bytes, and always the last", async () => {
    const home = temporaryFolder();
    const history = createWorkflowHistory(home, { files: 2, bytes: 1_000_000 });
    for (const minute of [3, 1, 2, 4]) await history.add(numbered(minute));
    expect((await history.list()).map(({ requestId }) => requestId)).toEqual(["s1-g4", "s1-g3"]);
    const small = createWorkflowHistory(home, { files: 9, bytes: 10 });
    await small.add(numbered(5));
    expect(readdirSync(join(home, "workflows"))).toEqual(["s1-g5.json"]);
  });

  it("passes over what is damaged, of another version or too long", async () => {
    const home = temporaryFolder();
    const history = createWorkflowHistory(home);
    await history.add(numbered(1));
    const write = (name: string, text: string) => {
      writeFileSync(join(home, "workflows", name), text);
    };
    write("s1-g2.json", "{");
    write("s1-g3.json", JSON.stringify({ version: 2, ...numbered(3) }));
    write("s1-g4.json", " ".repeat(longestWorkflow + 1));
    write("notes.txt", "mine");
    mkdirSync(join(home, "workflows", "s1-g6.json"));
    expect((await history.list()).map(({ requestId }) => requestId)).toEqual(["s1-g1"]);
    expect(await history.read("s1-g2")).toBeUndefined();
  });

  it("reads no file outside its folder", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "secret.json"), JSON.stringify({ version: 1, ...numbered(1) }));
    const history = createWorkflowHistory(home);
    expect(await history.read("../secret")).toBeUndefined();
    const refused = await history.add(keptWorkflow({ requestId: "../x" })).catch(toCodedError);
    expect(refused).toMatchObject({ code: "VALIDATION_ERROR" });
  });

  it("keeps of a very long result its best version", async () => {
    const history = createWorkflowHistory(temporaryFolder());
    const rounds = [0, 1, 2].map((round) =>
      workflowRound({ round, code: String(round).repeat(3_000_000) }),
    );
    await history.add(keptWorkflow({ rounds, best: 1 }));
    const read = await history.read("s1-g1");
    expect(read?.result).toMatchObject({ best: 0, rounds: [{ round: 1 }] });
  });

  it("says why a result cannot be kept", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "workflows"), "in the way");
    const failed = await createWorkflowHistory(home).add(numbered(1)).catch(toCodedError);
    expect(failed).toMatchObject({ code: "HOME_NOT_WRITABLE" });
  });
});
