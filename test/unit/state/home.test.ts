import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateHome, openHome } from "../../../server/state/home.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

describe("the home folder", () => {
  it("is the platform's data folder for the user, or STARCODER_HOME", () => {
    const at = (platform: NodeJS.Platform, env: Record<string, string> = {}): string =>
      locateHome({ platform, env, userFolder: "/home/u" });
    expect(at("linux")).toBe("/home/u/.local/share/starcoder-local");
    expect(at("linux", { XDG_DATA_HOME: "/data" })).toBe("/data/starcoder-local");
    expect(at("darwin")).toBe("/home/u/Library/Application Support/StarCoder Local");
    expect(at("win32", { LOCALAPPDATA: "/local" })).toBe(join("/local", "StarCoder Local"));
    expect(at("linux", { STARCODER_HOME: "/mine", XDG_DATA_HOME: "/data" })).toBe("/mine");
  });

  it("is made private to the user, and opening it again keeps what is there", () => {
    const path = join(temporaryFolder(), "deep", "home");
    const home = openHome(path);
    for (const folder of [home.path, home.run, home.logs, home.models]) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
    writeFileSync(join(home.models, "kept"), "");
    expect(statSync(join(openHome(path).models, "kept")).isFile()).toBe(true);
  });

  it("is the same home by whatever link it is reached", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "real"));
    symlinkSync(join(folder, "real"), join(folder, "link"));
    expect(openHome(join(folder, "link"))).toEqual(openHome(join(folder, "real")));
  });

  it("fails with HOME_NOT_WRITABLE and the folder's name where it cannot be made", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const error = codedErrorOf(() => openHome(join(file, "home")));
    expect(error.code).toBe("HOME_NOT_WRITABLE");
    expect(error.message).toContain(file);
  });
});
