import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  apiKeyPath,
  createKeyCheck,
  openApiKey,
  rotateApiKey,
} from "../../../server/state/apiKey.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

describe("the key of the loopback API", () => {
  it("is made once, for this user alone, and found again", () => {
    const home = join(temporaryFolder(), "home");
    const key = openApiKey(home);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(openApiKey(home)).toBe(key);
    expect(statSync(apiKeyPath(home)).mode & 0o777).toBe(0o600);
  });

  it("counts from the moment on in which it was made anew", () => {
    const home = temporaryFolder();
    const old = openApiKey(home);
    const isKey = createKeyCheck(home);
    expect([isKey(old), isKey(`${old}x`), isKey("")]).toEqual([true, false, false]);
    const next = rotateApiKey(home);
    expect([isKey(old), isKey(next)]).toEqual([false, true]);
  });

  it.each([
    ["is a link", (path: string) => symlinkSync("/etc/hostname", path)],
    ["holds no key", (path: string) => writeFileSync(path, "short\n", { mode: 0o600 })],
  ])("that %s lets nobody in, and is not used", (why, make) => {
    const home = temporaryFolder();
    make(apiKeyPath(home));
    expect(codedErrorOf(() => openApiKey(home)).message).toContain(why);
    expect(createKeyCheck(home)("short")).toBe(false);
    expect(readFileSync("/etc/hostname", "utf8")).not.toBe(rotateApiKey(home));
    expect(openApiKey(home)).toMatch(/^[\w-]{43}$/);
  });

  it.skipIf(process.platform === "win32")("that others can read is refused", () => {
    const home = temporaryFolder();
    openApiKey(home);
    chmodSync(apiKeyPath(home), 0o644);
    expect(codedErrorOf(() => openApiKey(home)).code).toBe("API_KEY_INVALID");
  });
});
