import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDismissals } from "../../../server/state/dismissals.ts";
import { createSnapshots } from "../../../server/state/snapshots.ts";
import { fileOf } from "../../../server/workspace/fileOf.ts";
import { createGit } from "../../../server/workspace/git.ts";
import { createFixture, documentOf, linesOf } from "./support/fixture.ts";

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "starcoder-project-"));
  home = mkdtempSync(join(tmpdir(), "starcoder-home-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

/** A reviewer as a new process has it, with git and a home on this machine. */
function start() {
  const git = createGit();
  return createFixture({
    dependencies: {
      committed: (uri, revision) => git.textAt(fileOf(uri) ?? "", revision),
      snapshots: createSnapshots(home),
      dismissals: createDismissals(home),
    },
  });
}

function git(...args: string[]): void {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
  execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "pipe" });
}

describe("a project in git", () => {
  it("is reviewed from HEAD on, then from save to save, over restarts; dismissed is dismissed", async () => {
    const file = join(folder, "größe 1.ts");
    const address = pathToFileURL(file).href;
    const save = (text: string) => {
      writeFileSync(file, text);
      return documentOf(text, { uri: address });
    };
    git("init", "-q");
    save("one();\ntwo();\nthree();\n");
    git("add", "-A");
    git("commit", "-q", "-m", "first");

    const first = start();
    const edited = "one();\ntwo();\nBUG(secretName);\nthree();\n";
    const result = await first.review(save(edited));
    expect(first.lookedLines()).toEqual([3]);
    expect(linesOf(result)).toEqual([3]);

    const second = start();
    const again = await second.review(save(`zero();\n${edited}`));
    expect(second.lookedLines()).toEqual([1, 4]);
    expect(linesOf(again)).toEqual([4]);
    await second.reviewer.dismiss(address, again.findings[0]?.fingerprint ?? "");

    const third = start();
    const dismissed = await third.review(save(`minus();\nzero();\n${edited}`));
    expect(dismissed.findings).toEqual([]);
    expect(dismissed.score).toBe(10);

    const sinceHead = await third.review(documentOf(edited, { uri: address }), { since: "HEAD" });
    expect(sinceHead.scoreError).toBeUndefined();
    const kept = readdirSync(join(home, "review"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.join("\n")).not.toMatch(/secretName|BUG|three/);
  });
});
