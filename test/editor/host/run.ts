import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";

/** What the suite came to; written where `STARCODER_TEST_REPORT` says. */
export interface HostReport {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly title: string; readonly error: string }[];
}

/** Called by VS Code inside its extension host: runs every bundled test file beside this one. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000 });
  for (const name of readdirSync(__dirname)) {
    if (name.endsWith(".test.cjs")) mocha.addFile(path.join(__dirname, name));
  }
  const passed: string[] = [];
  const failed: { title: string; error: string }[] = [];
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on("pass", (test) => passed.push(test.fullTitle()))
      .on("fail", (test, error: Error) => {
        failed.push({ title: test.fullTitle(), error: error.stack ?? error.message });
      });
  });
  const report: HostReport = { passed, failed };
  const file = process.env["STARCODER_TEST_REPORT"];
  if (file !== undefined) writeFileSync(file, JSON.stringify(report));
  if (failed.length > 0) throw new Error(`${String(failed.length)} tests failed in the editor`);
}
