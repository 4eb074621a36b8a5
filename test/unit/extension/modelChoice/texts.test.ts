import { describe, expect, it } from "vitest";
import {
  downloadRows,
  downloadsPlaceholder,
} from "../../../../extension/modelChoice/downloadRows.ts";
import { withDownloadButtons } from "../../../../extension/modelChoice/failureButtons.ts";
import { opensWalkthrough } from "../../../../extension/modelChoice/firstRun.ts";
import { createHubToken, tokenProblem } from "../../../../extension/modelChoice/hubToken.ts";
import { diskText, verifyText } from "../../../../extension/modelChoice/manageText.ts";
import { createRecommended } from "../../../../extension/modelChoice/recommended.ts";
import { referenceProblem } from "../../../../extension/modelChoice/reference.ts";
import { switchText } from "../../../../extension/modelChoice/switchText.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import { download, list, stored } from "./samples.ts";

describe("what is said after a switch", () => {
  const trial = { text: "x", backend: "cpu", loadMs: 1240, completionMs: 338.4 } as const;
  it("names model, backend and times", () => {
    const record = { model: stored("a", { name: "StarCoder2 3B" }), trial, previous: "" };
    expect(switchText(record)).toBe(
      "StarCoder now uses StarCoder2 3B, on the CPU: loaded in 1.2 s, a suggestion in 338 ms.",
    );
  });

  it("says why a GPU is not used", () => {
    const fallbackReason = "The library for CUDA is not installed";
    const slow = { ...trial, loadMs: 65_000, fallbackReason };
    expect(switchText({ model: stored("a"), trial: slow, previous: "" })).toBe(
      "StarCoder now uses A, on the CPU: loaded in 1 min 5 s, a suggestion in 338 ms. The library for CUDA is not installed.",
    );
  });
});

describe("the list of downloads", () => {
  const named = (id: string, ...rest: Parameters<typeof download>) => {
    const state = download(...rest);
    return { ...state, request: { ...state.request, id, name: id } };
  };

  it("puts what runs first, and offers what each allows", () => {
    const rows = downloadRows([
      named("over", "done"),
      named("held", "paused"),
      named("live", "downloading"),
      named("gone", "cancelled"),
    ]);
    expect(rows.map(({ label, buttons, onAccept }) => [label, buttons.join(), onAccept])).toEqual([
      ["live", "pause,cancel", "pause"],
      ["held", "resume,cancel", "resume"],
      ["over", "", "use"],
      ["gone", "", "nothing"],
    ]);
    expect(downloadsPlaceholder(rows)).toContain("pauses");
  });

  it("says why one failed and what to do", () => {
    const error = { code: "DISK_FULL", message: "No room.", remedy: "Make room.", retryable: true };
    const [row] = downloadRows([download("failed", { error: { ...error, code: "DISK_FULL" } })]);
    expect(row).toMatchObject({ icon: "error", detail: "No room. Make room.", onAccept: "resume" });
  });

  it("says that there is none", () => {
    expect(downloadsPlaceholder([])).toBe("No model is being downloaded");
  });
});

describe("the buttons of a failed download", () => {
  const page = "https://hub.example.org/someone/model";
  it("open the page where access is asked for, take a token and try again", () => {
    const { buttons, url } = withDownloadButtons(new CodedError("HUB_GATED"), page);
    expect(buttons).toEqual(["Open Model Page", "Enter Token", "Try Again"]);
    expect(url).toBe(page);
  });

  it("find the page in the message where nobody else knows it", () => {
    const error = new CodedError("HUB_GATED", `Ask at ${page}.`);
    expect(withDownloadButtons(error, undefined).url).toBe(page);
    expect(withDownloadButtons(new CodedError("HUB_AUTH"), undefined).buttons).not.toContain(
      "Open Model Page",
    );
  });

  it("try again first where that may help, and not where it cannot", () => {
    const { buttons, url } = withDownloadButtons(new CodedError("DOWNLOAD_INTERRUPTED"), page);
    expect(buttons[0]).toBe("Try Again");
    expect(url).toBeUndefined();
    expect(withDownloadButtons(new CodedError("MODEL_NOT_FIM"), page).buttons).not.toContain(
      "Try Again",
    );
  });
});

describe("a model's address as it is typed", () => {
  it.each([
    ["repository", "owner/name", true],
    ["repository", " owner/name:Q4_K_M ", true],
    ["repository", "name", false],
    ["repository", "../../etc/passwd", false],
    ["repository", "owner/name/more", false],
    ["url", "https://example.org/a.gguf", true],
    ["url", "http://127.0.0.1:8080/a.gguf", true],
    ["url", "http://localhost/a.gguf", true],
    ["url", "http://example.org/a.gguf", false],
    ["url", "http://127.0.0.1.example.org/a.gguf", false],
    ["url", "file:///etc/passwd", false],
    ["url", "example.org/a.gguf", false],
  ] as const)("as a %s, “%s” is taken: %s", (kind, text, taken) => {
    expect(referenceProblem(kind, text) === undefined).toBe(taken);
  });
});

describe("the access token", () => {
  it("is kept without what was pasted around it, and forgotten when it is empty", async () => {
    const secrets = new Map<string, string>();
    const token = createHubToken({
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
    });
    await token.write(" hf_abc\n");
    expect(await token.read()).toBe("hf_abc");
    await token.write("  ");
    expect(await token.read()).toBeUndefined();
    expect(secrets.size).toBe(0);
  });

  it("is refused with what cannot stand in a header", () => {
    expect(tokenProblem("hf_abc")).toBeUndefined();
    expect(tokenProblem("")).toBeUndefined();
    expect(tokenProblem("hf_a\r\nX: y")).toMatch(/no spaces/);
    expect(tokenProblem("hf_…")).toMatch(/no spaces/);
  });
});

describe("disk and verification", () => {
  it("say what models take and what is free", () => {
    expect(diskText(list({ diskBytes: 1.9e9, diskFreeBytes: 75e9 }))).toBe(
      "Downloaded models take 1.9 GB; 75.0 GB are free",
    );
    expect(diskText(list())).toBe("No models were downloaded");
  });

  it("name what is damaged before anything else", () => {
    const model = (id: string, status: "same" | "damaged" | "missing" | "firstSeen") => ({
      id,
      path: `/${id}`,
      status,
    });
    const nameOf = (id: string) => id.toUpperCase();
    const check = (...models: ReturnType<typeof model>[]) =>
      verifyText({ ok: true, models }, nameOf);
    expect(check(model("a", "same"), model("b", "damaged"), model("c", "missing"))).toBe(
      "Damaged: B. Missing: C. Remove and download what is damaged again.",
    );
    expect(check(model("a", "same"), model("b", "same"))).toBe(
      "2 models are as they were downloaded.",
    );
    expect(check(model("a", "same"), model("b", "firstSeen"))).toBe(
      "1 model is as it was downloaded. Seen for the first time: B.",
    );
  });
});

describe("the first start", () => {
  const quiet = { startupEditor: "welcomePage", openOnInstall: true, openEditors: 0 };
  it("opens the walkthrough where nothing is open", () => {
    expect(opensWalkthrough(quiet)).toBe(true);
  });

  it("opens nothing over files, or where nothing shall open by itself", () => {
    expect(opensWalkthrough({ ...quiet, openEditors: 1 })).toBe(false);
    expect(opensWalkthrough({ ...quiet, startupEditor: "none" })).toBe(false);
    expect(opensWalkthrough({ ...quiet, openOnInstall: false })).toBe(false);
  });

  it("knows what suits this machine from then on, and tells when it changes", () => {
    const memory = new Map<string, unknown>();
    const remember = {
      get: (key: string) => memory.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)),
    };
    const told: string[] = [];
    const first = createRecommended(remember, (id) => told.push(id));
    first.take(list());
    first.take(list({ recommendation: { id: "small", reason: "" } }));
    first.take(list({ recommendation: { id: "small", reason: "" } }));
    expect(told).toEqual(["small"]);
    const next = createRecommended(remember, (id) => told.push(id));
    expect(next.id).toBe("small");
    expect(told).toEqual(["small", "small"]);
  });
});
