import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  batchScript,
  installTerminalCommand,
  type TerminalCommandOptions,
} from "../../../extension/terminalCommand.ts";

describe("the command in the editor's terminals", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "starcoder terminal's-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(process.platform === "win32")(
    "is found at the end of PATH and passes its arguments on, whatever the paths hold",
    async () => {
      const cliPath = path.join(folder, "it's here", "cli.mjs");
      mkdirSync(path.dirname(cliPath));
      writeFileSync(cliPath, "console.log(JSON.stringify(process.argv.slice(2)));");
      let appended = "";
      const variables = {
        append(name: string, value: string) {
          appended = name === "PATH" ? value : "";
        },
      } as TerminalCommandOptions["variables"];
      await installTerminalCommand({ variables, folder, cliPath, execPath: process.execPath });
      const output = execFileSync("sh", ["-c", 'starcoder logs --grep "two words"'], {
        encoding: "utf8",
        env: { PATH: `${process.env["PATH"] ?? ""}${appended}` },
      });
      expect(JSON.parse(output)).toEqual(["logs", "--grep", "two words"]);
      expect(appended.startsWith(path.delimiter)).toBe(true);
    },
  );

  it("keeps percent signs of paths on Windows", () => {
    expect(batchScript("C:\\50%\\node.exe", "C:\\a b\\cli.mjs")).toContain(
      '"C:\\50%%\\node.exe" "C:\\a b\\cli.mjs" %*',
    );
  });
});
