import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostProtocolVersion } from "../../server/protocol/host.ts";
import { readRunFile, writeRunFile } from "../../server/state/runFile.ts";
import { lookAtHosts } from "../../server/health/machine/hosts.ts";
import { runCli } from "../support/cliProcess.ts";
import { factsWith, runDoctorProcess } from "../support/doctorRun.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";

describe("the doctor on a broken service", { timeout: 180_000 }, () => {
  let home: ProcessHome;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    home = createProcessHome();
    mkdirSync(join(home.path, "run"), { mode: 0o700 });
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    home.remove();
  });

  const doctor = (options: Partial<Parameters<typeof runDoctorProcess>[0]> = {}) =>
    runDoctorProcess({ home: home.path, ...options });

  /** Runs the command that a finding's fix names. */
  async function apply(command: string | undefined): Promise<void> {
    const [program, ...args] = (command ?? "").split(" ");
    expect(program).toBe("starcoder");
    const { code } = await runCli(args, { home: home.path });
    expect(code).toBe(0);
  }

  function writeHost(pid: number, name = "0123456789abcdef"): void {
    writeRunFile(join(home.path, "run", `${name}.json`), {
      protocolVersion: hostProtocolVersion,
      pid,
      token: "token",
      socketPath: join(home.path, "run", `${name}.sock`),
      hostVersion: "0.1.0",
      startedAt: new Date().toISOString(),
    });
  }

  it("names a host that accepts and never answers; the restart that it offers ends it", async () => {
    const socketPath = join(home.path, "run", "0123456789abcdef.sock");
    // A host is known by the name of its script.
    const script = join(home.path, "host.mjs");
    writeFileSync(
      script,
      `import { createServer } from "node:net";
      createServer(() => {}).listen(process.argv[2], () => console.log("up"));`,
    );
    const child = spawn(process.execPath, [script, socketPath], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    writeHost(child.pid ?? 0);
    const { code, of } = await doctor();
    expect(code).toBe(1);
    expect(of("host")).toMatchObject({ status: "failed", code: "HOST_HUNG" });
    expect(of("host").message).toContain(String(child.pid));
    await apply(of("host").fixes.find(({ action }) => action === "restart")?.cli);
    expect((await doctor()).of("host")).toMatchObject({ status: "ok" });
  });

  it("names a host that ended without clearing up; the restart that it offers clears up", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => child.once("close", resolve));
    writeHost(child.pid ?? 0);
    const { code, of } = await doctor();
    expect(code).toBe(0);
    expect(of("host")).toMatchObject({ status: "warning", code: "HOST_DIED" });
    await apply(of("host").fixes.find(({ action }) => action === "restart")?.cli);
    expect((await doctor()).of("host")).toMatchObject({ status: "ok" });
  });

  it("names a token that does not match, and a lock that was left over; a restart mends both", async () => {
    await doctor();
    const [host] = (await lookAtHosts(home.path, "test")).hosts;
    const path = host?.path ?? "";
    const runFile = readRunFile(path);
    if (runFile === undefined) throw new Error("There is no host.");
    expect(host).toMatchObject({ own: true, private: true, answer: { kind: "answers" } });
    writeRunFile(path, { ...runFile, token: "wrong" });
    const { of } = await doctor();
    expect(of("host")).toMatchObject({ status: "failed", code: "HOST_AUTH" });
    // The test completion has replaced it.
    expect((await doctor()).of("host")).toMatchObject({ status: "ok" });

    const lock = path.replace(/json$/, "lock");
    mkdirSync(lock);
    utimesSync(lock, new Date(0), new Date(0));
    const left = await doctor();
    expect(left.of("host")).toMatchObject({ status: "warning", code: "LOCK_HELD" });
    await apply(left.of("host").fixes.find(({ action }) => action === "restart")?.cli);
    const repaired = await doctor();
    expect(repaired.of("completion").status).toBe("ok");
    expect(repaired.of("host")).toMatchObject({ status: "ok" });
  });

  it("names a home that cannot be written; another one does", async () => {
    const blocked = join(home.path, "blocked");
    writeFileSync(blocked, "");
    const { code, of } = await doctor({ home: join(blocked, "home") });
    expect(code).toBe(1);
    for (const name of ["home", "logs", "completion"]) {
      expect(of(name)).toMatchObject({ status: "failed", code: "HOME_NOT_WRITABLE" });
    }
    expect(of("home").remedy).toContain("STARCODER_HOME");
    const repaired = await doctor();
    for (const name of ["home", "logs", "completion"]) expect(repaired.of(name).status).toBe("ok");
  });

  it("names settings that are unknown, of a wrong type or against each other", async () => {
    const wrong = factsWith({ "completion.maxTokens": "many", nonsense: null, threads: 2 });
    const { code, of } = await doctor({ facts: wrong });
    expect(code).toBe(1);
    expect(of("settings")).toMatchObject({ status: "failed", code: "VALIDATION_ERROR" });
    expect(of("settings").message).toMatch(/starcoder\.completion\.maxTokens.*starcoder\.nonsense/);
    const facts = factsWith({ "completion.delay": 1000, enabled: false });
    const against = (await doctor({ facts })).of("settings");
    expect(against).toMatchObject({ status: "warning", code: "SETTINGS_CONFLICT" });
    expect(against.message).toMatch(/enabled is off.*delay/);
    const relative = (await doctor({ facts: factsWith({ "model.path": "here.gguf" }) })).of(
      "settings",
    );
    expect(relative).toMatchObject({ status: "failed", code: "VALIDATION_ERROR" });
    expect((await doctor({ facts: factsWith({ threads: 1 }) })).of("settings").status).toBe("ok");
  });

  it("names what is wrong in the editor, each with the button that acts", async () => {
    const facts = factsWith(
      {},
      {
        inlineSuggestEnabled: false,
        trusted: false,
        workspaceSettings: ["model.path"],
        completionExtensions: [{ id: "GitHub.copilot", name: "GitHub Copilot", active: true }],
        server: { state: "running", version: "0.0.1" },
      },
    );
    const { code, of } = await doctor({ facts });
    expect(code).toBe(1);
    expect(of("inlineSuggest")).toMatchObject({
      status: "failed",
      code: "EDITOR_SUGGESTIONS_OFF",
      fixes: [{ action: "enableInlineSuggest" }],
    });
    expect(of("trust")).toMatchObject({
      code: "WORKSPACE_UNTRUSTED",
      fixes: [{ action: "manageTrust" }],
    });
    expect(of("competitors")).toMatchObject({
      code: "EXTENSION_CONFLICT",
      fixes: [{ action: "showExtensions" }],
    });
    expect(of("competitors").message).toContain("GitHub Copilot");
    expect(of("versions")).toMatchObject({
      code: "VERSION_MISMATCH",
      fixes: [{ action: "restartServer", cli: "starcoder restart server" }],
    });
    const repaired = await doctor({ facts: factsWith() });
    expect(repaired.code).toBe(0);
    for (const name of ["inlineSuggest", "trust", "competitors", "versions"]) {
      expect(repaired.of(name).status).toBe("ok");
    }
  });

  it("names git that is not there", async () => {
    const empty = mkdtempSync(join(tmpdir(), "starcoder-path-"));
    const { of } = await doctor({ env: { PATH: empty, Path: empty } });
    rmSync(empty, { recursive: true });
    expect(of("git")).toMatchObject({ status: "warning", code: "GIT_UNAVAILABLE" });
    expect((await doctor()).of("git").status).toBe("ok");
  });

  it.runIf(process.platform === "linux")("names who has a debugger's port", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const env = { NODE_OPTIONS: `--inspect=${port}` };
    const { of } = await doctor({ env });
    await new Promise((resolve) => server.close(resolve));
    expect(of("ports")).toMatchObject({ status: "failed", code: "PORT_IN_USE" });
    expect(of("ports").message).toContain(`process ${process.pid}`);
    expect((await doctor({ env })).of("ports").status).toBe("ok");
  });

  it("refuses facts that are none with the code for it", async () => {
    const args = ["doctor", "--json", "--facts", "-"];
    const { code, stdout } = await runCli(args, { home: home.path, input: '{"editor": 1}' });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "VALIDATION_ERROR" } });
  });
});
