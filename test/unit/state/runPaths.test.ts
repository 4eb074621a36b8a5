import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openHome } from "../../../server/state/home.ts";
import { runPathsOf } from "../../../server/state/runPaths.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

const key = "0123456789abcdef";
const long = "a-very-long-folder-name-".repeat(5);

describe("run paths", () => {
  it("lie in the home", () => {
    const home = openHome(join(temporaryFolder(), "home"));
    const paths = runPathsOf(home, key);
    expect(paths.socketPath).toBe(join(home.run, `${key}.sock`));
    expect(dirname(paths.runFilePath)).toBe(home.run);
    expect(dirname(paths.logPath)).toBe(home.logs);
  });

  it("put the socket into a short private folder where the home's path is too long", () => {
    const folder = temporaryFolder();
    const options = { shortFolders: [folder] };
    const first = runPathsOf(openHome(join(folder, long, "1")), key, options);
    const second = runPathsOf(openHome(join(folder, long, "2")), key, options);
    expect(Buffer.byteLength(first.socketPath)).toBeLessThanOrEqual(100);
    expect(statSync(dirname(first.socketPath)).mode & 0o777).toBe(0o700);
    expect(second.socketPath).not.toBe(first.socketPath);
    expect(first.runFilePath).toContain(long);
  });

  it("refuse a short folder that others may read, or that is a link", () => {
    const folder = temporaryFolder();
    const home = openHome(join(folder, long));
    const options = { shortFolders: [folder] };
    const short = dirname(runPathsOf(home, key, options).socketPath);
    chmodSync(short, 0o755);
    expect(codedErrorOf(() => runPathsOf(home, key, options)).code).toBe("HOME_NOT_WRITABLE");

    const trap = join(folder, "trap");
    const target = join(folder, "target");
    mkdirSync(trap);
    mkdirSync(target, { mode: 0o700 });
    symlinkSync(target, join(trap, short.slice(folder.length + 1)));
    const trapped = codedErrorOf(() => runPathsOf(home, key, { shortFolders: [trap] }));
    expect(trapped.code).toBe("HOME_NOT_WRITABLE");
    expect(readdirSync(target)).toEqual([]);
  });

  it("name a pipe on Windows, another for each home and key", () => {
    const folder = temporaryFolder();
    const pipe = (home: string, of: string): string =>
      runPathsOf(openHome(join(folder, home)), of, { platform: "win32" }).socketPath;
    expect(pipe("1", key)).toMatch(/^\\\\\.\\pipe\\starcoder-[0-9a-f]{32}$/);
    expect(new Set([pipe("1", key), pipe("2", key), pipe("1", "other")]).size).toBe(3);
  });
});
