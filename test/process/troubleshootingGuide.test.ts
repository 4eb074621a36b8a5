import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandDeclarations } from "../../server/protocol/commands.ts";
import { errorCodes } from "../../server/protocol/errors.ts";
import { settingKeys } from "../../server/protocol/settings.ts";
import { startCli } from "../support/cliProcess.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const guidePath = join(root, "docs", "troubleshooting.md");
const guide = readFileSync(guidePath, "utf8");

/** What each command of the guide must print, and its exit status where that is not 0. */
const expected: Readonly<
  Record<string, { readonly prints: readonly RegExp[]; readonly status?: number }>
> = {
  "starcoder doctor": { prints: [/Model file/, /GPU/, /Native library/, /Memory/, /Settings/] },
  "starcoder doctor --full": { prints: [/Test review {2,}\d/, /SHA-256/, /Containers/] },
  "starcoder explain src/basket.ts:12:10": { prints: [/prompt/i, /gate|threshold/i] },
  "starcoder complete src/basket.ts:12:10": { prints: [/latency/, /model/] },
  "starcoder logs --level warn --since 1h": {
    prints: [/No records match|T[\d:.]+Z +(warn|error) /],
  },
  "starcoder stats": { prints: [/waiting/, /prompt/, /generating/, /this machine/i] },
  "starcoder logs analyse": { prints: [/p95|95/, /slow/i] },
  "starcoder prompt completion src/basket.ts:12:10": { prints: [/<fim_suffix>/, /tokens/] },
  "starcoder models list": { prints: [/bundled/] },
  "starcoder rebuild --offline": { prints: [/skipped/i, /model/i] },
  "starcoder restart host": { prints: [/host/i] },
  "starcoder review --all src/basket.ts": { prints: [/score [\d.]+, \d+ findings?/] },
  "starcoder prompt review src/basket.ts": { prints: [/tokens/] },
  "starcoder logs --service review --since 1d": { prints: [/review/] },
  "starcoder backup": { prints: [/\.zip/] },
  "starcoder reset": { prints: [/logs/, /models/i], status: 2 },
  "starcoder logs --follow": { prints: [/^\d{4}-\d\d-\d\dT[\d:.]+Z +\w+ +\w+ /] },
  "starcoder logs --grep completion --lines 50": { prints: [/completion/] },
  "starcoder report": { prints: [/^#/m, /Expected/i, /Environment/i] },
};

const commands = [...guide.matchAll(/```bash\n([^`]*)```/g)].flatMap(([, block = ""]) =>
  block.trim().split("\n"),
);

describe("the troubleshooting guide", () => {
  let home: ProcessHome;
  let workspace: string;
  beforeAll(() => {
    home = createProcessHome();
    workspace = mkdtempSync(join(tmpdir(), "starcoder-guide-"));
    cpSync(join(root, "samples", "workspace"), join(workspace, "src"), { recursive: true });
  });
  afterAll(() => {
    home.remove();
    rmSync(workspace, { recursive: true, force: true });
  });

  const start = (command: string) =>
    startCli(command.split(" ").slice(1), {
      home: home.path,
      cwd: workspace,
      env: { NO_COLOR: "1" },
    });

  async function run(command: string): Promise<{ status: number; output: string }> {
    const { code, stdout, stderr } = await start(command).ended;
    return { status: code ?? -1, output: stdout + stderr };
  }

  /** Ends the command at its first line, as a person does who has seen enough. */
  async function runUntilLine(command: string): Promise<{ status: number; output: string }> {
    const { child, ended } = start(command);
    child.stdout.on("data", (text: string) => {
      if (text.includes("\n")) child.kill("SIGINT");
    });
    const { code, stdout } = await ended;
    return { status: code ?? 0, output: stdout };
  }

  it("has an expectation for each command, and no other", () => {
    expect([...new Set(commands)].sort()).toEqual(Object.keys(expected).sort());
  });

  it.each([...new Set(commands)])(
    "is right about %s",
    async (command) => {
      const { prints, status = 0 } = expected[command] ?? { prints: [/(?!)/] };
      const follows = command.endsWith("--follow");
      const ended = await (follows ? runUntilLine(command) : run(command));
      for (const words of prints) expect(ended.output).toMatch(words);
      if (!follows) expect(ended.status, ended.output).toBe(status);
    },
    60_000,
  );

  it("names commands, settings and codes that exist", () => {
    const titles = Object.values(commandDeclarations).map(({ title }) => `StarCoder: ${title}`);
    const named = [...guide.matchAll(/_(StarCoder: [^_]+)_/g)].map(([, title]) => title);
    expect(named.filter((title) => title !== undefined && !titles.includes(title))).toEqual([]);
    const settings = [...guide.matchAll(/`starcoder\.([\w.]+)`/g)].map(([, key]) => key);
    expect(settings.filter((key) => !settingKeys.some((known) => known === key))).toEqual([]);
    const codes = [...guide.matchAll(/`([A-Z][A-Z_]{5,})`/g)].map(([, code]) => code);
    const others = ["STARCODER_LOG_LEVEL", "STARCODER_ENDPOINT_KEY"];
    expect(
      codes.filter(
        (code) => !errorCodes.some((known) => known === code) && !others.includes(code ?? ""),
      ),
    ).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });

  it("links to pages that exist", () => {
    const links = [...guide.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, file]) => file ?? "");
    expect(links.filter((file) => !existsSync(join(dirname(guidePath), file)))).toEqual([]);
  });
});
