import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBackup } from "../../../server/repair/backup.ts";
import { titlesOf } from "../../../server/repair/keptFiles.ts";
import { readBackup } from "../../../server/repair/readBackup.ts";
import { planReset } from "../../../server/repair/resetPlan.ts";
import { restoreBackup } from "../../../server/repair/restore.ts";
import { createWorkflowHistory } from "../../../server/state/workflowHistory.ts";
import { temporaryFolder } from "../../support/localEngine.ts";
import { keptWorkflow } from "../../support/workflows.ts";

const now = new Date("2026-11-28T12:00:00Z");

function emptyHome() {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  mkdirSync(join(home, "logs"), { recursive: true });
  return { home, path: join(folder, "saved.zip"), history: createWorkflowHistory(home) };
}

describe("generated results", () => {
  it("come back with a backup; those that came later stay, damaged ones are left out", async () => {
    const { home, path, history } = emptyHome();
    await history.add(keptWorkflow({ requestId: "s1-g1", code: "before" }));
    writeFileSync(join(home, "workflows", "s1-g9.json"), "{");
    const { leftOut } = createBackup({ homePath: home, path, now });
    expect(leftOut).toEqual([expect.stringContaining("s1-g9.json") as string]);
    await history.add(keptWorkflow({ requestId: "s1-g1", code: "changed" }));
    await history.add(keptWorkflow({ requestId: "s1-g2" }));
    await restoreBackup({ homePath: home, path, now });
    expect((await history.read("s1-g1"))?.result.code).toBe("before");
    expect(await history.read("s1-g2")).toBeDefined();
  });

  it("are so many in a backup that it can be read again", () => {
    const { home, path } = emptyHome();
    mkdirSync(join(home, "workflows"));
    for (let at = 0; at < 230; at++) {
      const text = JSON.stringify({ version: 1, ...keptWorkflow({ requestId: `s1-g${at}` }) });
      writeFileSync(join(home, "workflows", `s1-g${at}.json`), text);
    }
    const { manifest } = createBackup({ homePath: home, path, now });
    expect(readBackup(path).files.size).toBe(200);
    expect(titlesOf(manifest.files)).toMatchObject([{ title: "generated results", files: 200 }]);
  });

  it("go with a reset", async () => {
    const { home, history } = emptyHome();
    await history.add(keptWorkflow());
    const { items } = planReset(home, { backups: false, models: false });
    expect(items).toMatchObject([{ name: "generated results", files: 1 }]);
  });
});
