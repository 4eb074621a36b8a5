import { expect, it } from "vitest";
import {
  initialState,
  isLive,
  withHealth,
  withServer,
  type HealthState,
} from "../../../media/health/healthState.ts";
import { servicesShown } from "../../../media/health/servicesShown.ts";
import { verdictOf } from "../../../media/health/verdict.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { ServerView } from "../../../server/protocol/webview.ts";
import { sampleHealth, sampleReport, sampleStatus } from "./samples.ts";

const running: ServerView = { serverState: "running", reason: "The language server runs." };
const starting: ServerView = {
  serverState: "starting",
  reason: "The language server is starting.",
};
const failed: ServerView = {
  serverState: "failed",
  reason: "The language server keeps stopping.",
  error: new CodedError("SERVER_CRASH_LOOP", "Last: gone.").toData(),
};
const opened = initialState({ server: running, status: sampleStatus, diagnose: false });
const works = withHealth(opened, sampleHealth);

function withStatus(state: HealthState, status: Partial<typeof sampleStatus>): HealthState {
  return withHealth(state, { ...sampleHealth, status: { ...sampleStatus, ...status } });
}

it("says that everything works from the last status alone, before health is read", () => {
  expect(verdictOf(opened)).toMatchObject({ tone: "ok", detail: "StarCoder Tiny · CPU" });
});

it("names model, backend and speed where everything works", () => {
  expect(verdictOf(works)).toEqual({
    tone: "ok",
    text: "Everything works.",
    detail: "StarCoder Tiny · CPU · 410 tokens/s",
    actions: [],
  });
});

it("names a server that is gone with its code and the buttons that help", () => {
  const verdict = verdictOf(withHealth(works, failed));
  expect(verdict).toMatchObject({ tone: "error", code: "SERVER_CRASH_LOOP" });
  expect(verdict.actions).toEqual(["restartServer", "doctor", "showLog"]);
  expect(verdict.detail).toBe(
    "Last: gone. Run the doctor to find the cause, then restart the language server.",
  );
});

it("offers nothing to press while the server starts for the first time", () => {
  const verdict = verdictOf(initialState({ server: starting, diagnose: false }));
  expect(verdict).toEqual({ tone: "busy", text: starting.reason, actions: [] });
});

it("names a server that does not answer", () => {
  const failure = { code: "TIMEOUT_ERROR", message: "It does not answer.", remedy: "Try again." };
  expect(verdictOf({ ...works, failure })).toMatchObject({
    tone: "error",
    code: "TIMEOUT_ERROR",
    detail: "Try again.",
    actions: ["restartServer", "doctor", "showLog"],
  });
});

it("tells the status's own error, remedy and buttons", () => {
  const error = new CodedError("MODEL_NOT_FOUND", "/m.gguf").toData();
  const { code, message, remedy } = error;
  const status = { state: "error", code, message, remedy, actions: ["openSettings"] } as const;
  const verdict = verdictOf(withStatus(works, { ...status, actions: [...status.actions] }));
  expect(verdict).toEqual({
    tone: "error",
    text: message,
    detail: remedy,
    code,
    actions: ["openSettings"],
  });
});

it("tells of a host that hangs although the status is still well", () => {
  const hostError = new CodedError("HOST_HUNG").toData();
  const state = withHealth(works, { ...sampleHealth, hostError });
  expect(verdictOf(state)).toMatchObject({ tone: "error", code: "HOST_HUNG" });
});

it("warns of settings that are not valid", () => {
  const problem = {
    key: "languages",
    code: "VALIDATION_ERROR",
    kind: "invalid",
    message: "starcoder.languages is a number.",
  } as const;
  const verdict = verdictOf(withStatus(works, { settingProblems: [problem] }));
  expect(verdict).toMatchObject({
    tone: "warning",
    code: "VALIDATION_ERROR",
    detail: problem.message,
  });
});

it("warns of another backend only where one was asked for", () => {
  const backend = { requested: "cuda", used: "cpu", fallbackReason: "No driver." } as const;
  const fallen = withHealth(works, { ...sampleHealth, backend });
  expect(verdictOf(fallen)).toMatchObject({ tone: "warning", code: "BACKEND_UNAVAILABLE" });
  const automatic = { ...backend, requested: "auto" };
  expect(verdictOf(withHealth(works, { ...sampleHealth, backend: automatic })).tone).toBe("ok");
});

it("does not say that everything works when the diagnosis has found something", () => {
  expect(verdictOf(works, sampleReport)).toMatchObject({
    tone: "warning",
    detail: "1 check failed, 1 warning, 3 passed.",
  });
});

it("keeps what does not change of the services, and claims nothing of now without a server", () => {
  const shown = servicesShown(withHealth(works, failed));
  expect(shown.map(({ name, state }) => [name, state])).toEqual([
    ["server", "error"],
    ["host", "unknown"],
    ["completion", "unknown"],
    ["review", "unknown"],
  ]);
  expect(shown[1]).toMatchObject({ version: "0.1.0", lastError: { code: "HOST_DIED" } });
  expect(shown[1]).not.toHaveProperty("pid");
});

it("shows the server's last services again once it answers", () => {
  expect(servicesShown(withHealth(withHealth(works, failed), sampleHealth))).toEqual(
    sampleHealth.services,
  );
});

it("takes no answer of another form", () => {
  expect(() => withHealth(works, { services: "all" })).toThrow();
});

it("says nothing good of a server that has only just come back", () => {
  const back = withServer(withHealth(works, failed), running);
  expect(verdictOf(back)).toEqual({ tone: "busy", text: "The services are asked.", actions: [] });
  expect(servicesShown(back).map(({ state }) => state)).not.toContain("ok");
  expect(isLive(back)).toBe(false);
  expect(isLive(withHealth(back, sampleHealth))).toBe(true);
});
