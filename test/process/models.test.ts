import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addRecordSchema,
  downloadRecordSchema,
  downloadStateSchema,
  modelListSchema,
  offeredModelSchema,
  removeRecordSchema,
  useModelRecordSchema,
  verifyRecordSchema,
} from "../../server/protocol/models.ts";
import { completeRecordSchema, errorRecordSchema } from "../../server/protocol/records.ts";
import { readChosenModel } from "../../server/state/chosenModel.ts";
import { runCli, startCli, type CliEnd } from "../support/cliProcess.ts";
import { factsWith } from "../support/doctorRun.ts";
import { startLoopbackHub, type LoopbackHub } from "../support/loopbackHub.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";

const bundled = fileURLToPath(new URL("../../media/models/starcoder-tiny.gguf", import.meta.url));
const { length: modelBytes } = readFileSync(bundled);

describe("starcoder models", { timeout: 120_000 }, () => {
  let home: ProcessHome;
  let hub: LoopbackHub;
  beforeAll(async () => {
    home = createProcessHome();
    hub = await startLoopbackHub();
  });
  afterAll(async () => {
    home.remove();
    await hub.stop();
  });

  /** The user's folder is empty, and the hub is ours. */
  const where = () => ({ home: home.path, env: { HOME: home.path, HF_ENDPOINT: hub.url } });
  const run = (...args: string[]) => runCli(["models", ...args, "--json"], where());
  const list = async () => modelListSchema.parse(recordOf(await run("list"))).models;

  function recordOf({ code, stdout, stderr }: CliEnd): unknown {
    if (code !== 0) throw new Error(`ended with ${String(code)}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  /** Of a command that ended without a model, though nothing failed. */
  function unfinishedOf({ code, stdout }: CliEnd): unknown {
    expect(code).toBe(1);
    return JSON.parse(stdout);
  }

  function errorOf({ code, stdout }: CliEnd) {
    expect(code).toBe(3);
    return errorRecordSchema.parse(JSON.parse(stdout)).error;
  }

  /** Which model answers in a window that configures none. */
  async function modelThatAnswers(): Promise<string> {
    const file = join(home.path, "add.ts");
    writeFileSync(file, "export function add(a: number, b: number) {\n  return a +\n}\n");
    const end = await runCli(["complete", `${file}:2:13`, "--json"], where());
    return completeRecordSchema.parse(recordOf(end)).model.path;
  }

  /** Once the download has received bytes. */
  function receiving(started: ReturnType<typeof startCli>): Promise<void> {
    return new Promise((resolve) => {
      let text = "";
      started.child.stderr.on("data", (piece: string) => {
        text += piece;
        for (const line of text.split("\n").slice(0, -1)) {
          if (!line.startsWith("{")) continue;
          if (downloadStateSchema.parse(JSON.parse(line)).receivedBytes > 0) resolve();
        }
      });
    });
  }

  function startDownload(id: string): ReturnType<typeof startCli> {
    const args = ["models", "download", id, "--accept-licence", "--no-use", "--json"];
    const input = JSON.stringify(factsWith());
    return startCli([...args, "--facts", "-"], { ...where(), input });
  }

  it("downloads nothing before its terms are accepted, and names them", async () => {
    const end = await run("download", "starcoder2-3b");
    const { code, message } = errorOf(end);
    expect(code).toBe("LICENCE_NOT_ACCEPTED");
    expect(message).toContain("OpenRAIL-M");
    expect(end.stderr).toMatch(/Licence: .*\n {2}- /);
    expect(hub.requests).toEqual([]);
  });

  it("downloads a model, tries it and uses it; then verifies and removes it", async () => {
    const { model, download } = downloadRecordSchema.parse(
      recordOf(await run("download", "starcoder2-3b", "--accept-licence")),
    );
    expect(download).toMatchObject({ phase: "done", totalBytes: modelBytes });
    expect(model).toMatchObject({ id: "starcoder2-3b", source: "downloaded", active: true });
    const path = model?.path ?? "";
    expect(readFileSync(path).equals(readFileSync(bundled))).toBe(true);
    expect(await modelThatAnswers()).toBe(path);

    const verified = verifyRecordSchema.parse(recordOf(await run("verify", "starcoder2-3b")));
    expect(verified).toMatchObject({ ok: true, models: [{ status: "same" }] });
    expect(errorOf(await run("remove", "starcoder2-3b")).code).toBe("MODEL_IN_USE");

    const back = useModelRecordSchema.parse(recordOf(await run("use", "bundled")));
    expect(back).toMatchObject({ previous: path, model: { starter: true } });
    expect(readChosenModel(home.path)).toBeUndefined();
    const removed = removeRecordSchema.parse(recordOf(await run("remove", "starcoder2-3b")));
    expect(removed).toMatchObject({ freedBytes: modelBytes, files: [path] });
    expect(existsSync(path)).toBe(false);
    expect(await list()).toMatchObject([{ source: "bundled", active: true }]);
  });

  it("fetches once what two processes want at once", async () => {
    const before = hub.requests.length;
    hub.fault("starcoderbase-1b", { kind: "slow", bytesPerSecond: 4_000_000, times: 4 });
    const ends = await Promise.all(
      [startDownload("starcoderbase-1b"), startDownload("starcoderbase-1b")].map(
        (one) => one.ended,
      ),
    );
    hub.clearFaults();
    for (const end of ends) {
      expect(downloadRecordSchema.parse(recordOf(end)).download.phase).toBe("done");
    }
    const sent = hub.requests.slice(before).reduce((sum, { sentBytes }) => sum + sentBytes, 0);
    expect(sent).toBeLessThan(1.5 * modelBytes);
  });

  it("pauses, resumes and cancels what another process downloads", async () => {
    const id = "starcoderbase-3b";
    hub.fault(id, { kind: "slow", bytesPerSecond: 200_000 });
    const first = startDownload(id);
    await receiving(first);
    expect(recordOf(await run("pause", id))).toMatchObject({ download: { phase: "paused" } });
    expect(unfinishedOf(await first.ended)).toMatchObject({ download: { phase: "paused" } });
    const listed = modelListSchema.parse(recordOf(await run("list")));
    expect(listed.downloads).toMatchObject([{ phase: "paused", request: { id } }]);

    hub.clearFaults();
    const resumed = recordOf(await run("resume", id, "--no-use"));
    expect(resumed).toMatchObject({ download: { phase: "done" }, model: { id } });

    const other = "starcoderbase-7b";
    hub.fault(other, { kind: "slow", bytesPerSecond: 200_000 });
    const second = startDownload(other);
    await receiving(second);
    expect(recordOf(await run("cancel", other))).toMatchObject({
      download: { phase: "cancelled" },
    });
    expect(unfinishedOf(await second.ended)).toMatchObject({ download: { phase: "cancelled" } });
    hub.clearFaults();
    expect(errorOf(await run("resume", other)).code).toBe("MODEL_UNKNOWN");
  });

  it("keeps what is there when it is interrupted, and frees it when the model is removed", async () => {
    const id = "codellama-7b";
    hub.fault(id, { kind: "slow", bytesPerSecond: 200_000 });
    const started = startDownload(id);
    await receiving(started);
    started.child.kill("SIGINT");
    const { code, stderr } = await started.ended;
    expect(code).toBe(130);
    expect(stderr).toContain(`starcoder models resume ${id}`);
    hub.clearFaults();
    expect(recordOf(await run("remove", id))).toMatchObject({ id });
    const { downloads } = modelListSchema.parse(recordOf(await run("list")));
    expect(downloads).toEqual([]);
  });

  it.each([
    ["is cut off", (path: string) => truncateSync(path, 6_000_000), "MODEL_INVALID"],
    [
      "has wrecked weights",
      (path: string) => writeFileSync(path, readFileSync(path).fill(0xff, 2_500_000)),
      "",
    ],
  ])("goes on with the model in use when the new one %s", async (name, damage, code) => {
    const path = join(home.path, `${name.replaceAll(" ", "-")}.gguf`);
    copyFileSync(bundled, path);
    damage(path);
    const { code: failure, message } = errorOf(await run("use", path));
    expect(failure).toBe("MODEL_SWITCH_FAILED");
    expect(message).toContain(code);
    expect(readChosenModel(home.path)).toBeUndefined();
    expect(await modelThatAnswers()).toBe(bundled);
  });

  it("hashes a downloaded model that was written to before it is used", async () => {
    const [stored] = (await list()).filter(({ source }) => source === "downloaded");
    const path = stored?.path ?? "";
    const bytes = readFileSync(path);
    bytes[7_000_000] = (bytes[7_000_000] ?? 0) ^ 1;
    chmodSync(path, 0o600);
    writeFileSync(path, bytes);
    utimesSync(path, 1, 1);
    const { message } = errorOf(await run("use", stored?.id ?? ""));
    expect(message).toContain("MODEL_DAMAGED");
    expect(readChosenModel(home.path)).toBeUndefined();
    const again = await run("download", stored?.id ?? "", "--accept-licence", "--no-use");
    expect(recordOf(again)).toMatchObject({ download: { phase: "done", path } });
    expect(again.stderr).toContain("damaged");
    expect(readFileSync(path).equals(readFileSync(bundled))).toBe(true);
  });

  it("says that a configured model goes before the chosen one", async () => {
    const path = join(home.path, "own.gguf");
    copyFileSync(bundled, path);
    const added = addRecordSchema.parse(recordOf(await run("add", path)));
    expect(added.entry).toMatchObject({ id: "own", source: { kind: "file", path } });
    const input = JSON.stringify(factsWith({ "model.path": bundled }));
    const args = ["models", "use", "own", "--facts", "-", "--json"];
    const end = await runCli(args, { ...where(), input });
    expect(useModelRecordSchema.parse(recordOf(end)).previous).toBe(bundled);
    expect(end.stderr).toContain("starcoder.model.path");
    expect(readChosenModel(home.path)).toMatchObject({ path, id: "own" });
    recordOf(await run("use", "starcoder-tiny"));
    expect(recordOf(await run("remove", "own"))).toMatchObject({ freedBytes: 0, files: [] });
    expect(existsSync(path)).toBe(true);
  });

  it("works with damaged files, without a network and for names that mean nothing", async () => {
    const own = createProcessHome();
    try {
      const offline = {
        home: own.path,
        env: { HOME: own.path, HF_ENDPOINT: "http://127.0.0.1:9" },
      };
      const inOwn = (...args: string[]) => runCli(["models", ...args, "--json"], offline);
      recordOf(await inOwn("add", "someone/model-GGUF:Q4_K_M"));
      writeFileSync(join(own.path, "catalogue.json"), "{ damaged");
      writeFileSync(join(own.path, "model.json"), "{ damaged");
      const listed = modelListSchema.parse(recordOf(await inOwn("list")));
      expect(listed).toMatchObject({
        models: [{ source: "bundled", active: true }],
        problem: { code: "CATALOGUE_INVALID" },
      });
      const shown = offeredModelSchema.parse(recordOf(await inOwn("show", "starcoder2-15b")));
      expect(shown.entry.notes.join(" ")).toMatch(/infilling|fill/i);
      for (const verb of ["use", "download", "pause"]) {
        expect(errorOf(await inOwn(verb, "no-such-model")).code).toBe("MODEL_UNKNOWN");
      }
    } finally {
      own.remove();
    }
  });
});
