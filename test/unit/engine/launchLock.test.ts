import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { takeLaunchLock } from "../../../server/engine/local/launchLock.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

describe("the launch lock", () => {
  it("is held by one at a time", async () => {
    const path = join(temporaryFolder(), "host.lock");
    const release = await takeLaunchLock(path);
    expect(release).toBeDefined();
    expect(await takeLaunchLock(path)).toBeUndefined();
    await release?.();
    const again = await takeLaunchLock(path);
    expect(again).toBeDefined();
    await again?.();
  });

  it("is taken over from a holder that is gone", async () => {
    const path = join(temporaryFolder(), "host.lock");
    mkdirSync(path);
    expect(await takeLaunchLock(path)).toBeUndefined();
    utimesSync(path, 1, 1);
    const release = await takeLaunchLock(path);
    expect(release).toBeDefined();
    await release?.();
  });

  it("is not kept from anybody by a file in its place", async () => {
    const path = join(temporaryFolder(), "host.lock");
    writeFileSync(path, "");
    utimesSync(path, 1, 1);
    expect(await takeLaunchLock(path)).toBeUndefined();
    const release = await takeLaunchLock(path);
    expect(release).toBeDefined();
    await release?.();
  });

  it("fails with HOME_NOT_WRITABLE where it cannot be made", async () => {
    const path = join(temporaryFolder(), "missing", "host.lock");
    await expect(takeLaunchLock(path)).rejects.toMatchObject({ code: "HOME_NOT_WRITABLE" });
  });
});
