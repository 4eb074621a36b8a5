import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readRunFile, removeRunFile, writeRunFile } from "../../../server/state/runFile.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

const content = {
  protocolVersion: 1,
  pid: 7,
  token: "secret",
  socketPath: "/run/host.sock",
  hostVersion: "1.0.0",
  startedAt: "2026-01-01T00:00:00.000Z",
};

it("a run file is written whole and for the user alone, and read back", () => {
  const folder = temporaryFolder();
  const path = join(folder, "host.json");
  writeRunFile(path, content);
  expect(readRunFile(path)).toEqual(content);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["host.json"]);
});

it("a run file that is missing, cut or of another form reads as none", () => {
  const path = join(temporaryFolder(), "host.json");
  expect(readRunFile(path)).toBeUndefined();
  for (const text of ["", '{"pid":7', "[]", '{"pid":"7"}']) {
    writeFileSync(path, text);
    expect(readRunFile(path)).toBeUndefined();
  }
});

it("a run file is removed by its own host alone", () => {
  const path = join(temporaryFolder(), "host.json");
  writeRunFile(path, content);
  removeRunFile(path, "another");
  expect(readRunFile(path)).toEqual(content);
  removeRunFile(path, "secret");
  expect(readRunFile(path)).toBeUndefined();
});
