import { errorTable, type ErrorAction, type ErrorCode } from "../../server/protocol/errors.ts";
import type { Health } from "../../server/protocol/health.ts";
import type { Status } from "../../server/protocol/status.ts";
import type { DoctorReport } from "../../server/protocol/records.ts";
import { formatSpeed } from "../parts/format.ts";
import { diagnosisHeadline, isWrong } from "./diagnosisGroups.ts";
import { backendNames } from "./backendNames.ts";
import type { HealthState } from "./healthState.ts";

/** What it comes to, in one line, and what helps. */
export interface Verdict {
  readonly tone: "ok" | "busy" | "warning" | "error" | "off";
  readonly text: string;
  readonly detail?: string;
  readonly code?: string;
  readonly actions: readonly ErrorAction[];
}

const serverActions: readonly ErrorAction[] = ["restartServer", "doctor", "showLog"];

/** Judges from the outside in: a server that is gone says nothing of the model. */
export function verdictOf(state: HealthState, report?: DoctorReport): Verdict {
  const { server, failure, status, fresh } = state;
  const health = fresh ? state.health : undefined;
  if (server.error !== undefined) {
    const { code, message, remedy } = server.error;
    const more = message.startsWith(errorTable[code].message)
      ? message.slice(errorTable[code].message.length).trim()
      : message;
    return {
      tone: "error",
      text: server.reason,
      detail: [more, remedy].filter((part) => part !== "").join(" "),
      code,
      actions: serverActions,
    };
  }
  if (server.serverState !== "running") {
    return { tone: "busy", text: server.reason, actions: [] };
  }
  if (failure !== undefined) {
    return {
      tone: "error",
      text: failure.message,
      ...(failure.remedy === undefined ? {} : { detail: failure.remedy }),
      ...(failure.code === undefined ? {} : { code: failure.code }),
      actions: serverActions,
    };
  }
  if (status === undefined) return { tone: "busy", text: "The services are asked.", actions: [] };
  return ofStatus(status, health, report);
}

function ofStatus(
  status: Status,
  health: Health | undefined,
  report: DoctorReport | undefined,
): Verdict {
  const { state, message, code, remedy, actions } = status;
  const told = {
    text: message,
    ...(remedy === undefined ? {} : { detail: remedy }),
    ...(code === undefined ? {} : { code }),
    actions,
  };
  switch (state) {
    case "error":
      return { tone: "error", ...told };
    case "starting":
      return { tone: "busy", ...told };
    case "off":
      return { tone: "off", ...told, actions: actions.length > 0 ? actions : ["openSettings"] };
    case "ok":
    case "busy":
      return whileItWorks(status, health, report);
  }
}

/** It answers: what is still worth knowing. */
function whileItWorks(
  status: Status,
  health: Health | undefined,
  report: DoctorReport | undefined,
): Verdict {
  const hostError = health?.hostError;
  if (hostError !== undefined) {
    const { message, remedy, code } = hostError;
    return {
      tone: "error",
      text: message,
      detail: remedy,
      code,
      actions: ["restart", "doctor", "showLog"],
    };
  }
  const broken = health?.services.find((service) => service.state === "error");
  if (broken !== undefined) {
    return { tone: "error", text: broken.message, actions: broken.actions };
  }
  const [problem, ...more] = status.settingProblems;
  if (problem !== undefined) {
    const code: ErrorCode = "VALIDATION_ERROR";
    return {
      tone: "warning",
      text:
        more.length === 0
          ? "A setting is not valid."
          : `${more.length + 1} settings are not valid.`,
      detail: problem.message,
      code,
      actions: ["openSettings"],
    };
  }
  const backend = health?.backend ?? status.backend;
  if (backend?.fallbackReason !== undefined && backend.requested !== "auto") {
    const isRemote = backend.requested === "remote";
    const code: ErrorCode = isRemote ? "ENDPOINTS_DOWN" : "BACKEND_UNAVAILABLE";
    return {
      tone: "warning",
      text: `It works, but with ${backendNames[backend.used]} instead of ${backendNames[backend.requested]}.`,
      detail: backend.fallbackReason,
      code,
      actions: ["openSettings", "doctor"],
    };
  }
  const { endpoints = [] } = health ?? {};
  const up = endpoints.filter(({ state }) => state === "up").length;
  if (up > 0 && up < endpoints.length) {
    return {
      tone: "warning",
      text: `It works with ${up} of ${endpoints.length} remote engines.`,
      detail: "Why the others are left out stands beside them.",
      actions: ["doctor"],
    };
  }
  if (report !== undefined && report.checks.some(isWrong)) {
    return {
      tone: "warning",
      text: "It works, but the diagnosis found something.",
      detail: diagnosisHeadline(report),
      actions: [],
    };
  }
  const detail = summaryOf(status, health);
  return {
    tone: "ok",
    text: "Everything works.",
    ...(detail === "" ? {} : { detail }),
    actions: [],
  };
}

function summaryOf(status: Status, health: Health | undefined): string {
  const name = health?.model?.name ?? status.model?.name;
  const used = health?.backend?.used ?? status.backend?.used;
  const decode = health?.speed?.decode;
  return [
    name,
    used === undefined ? undefined : backendNames[used],
    decode === undefined ? undefined : formatSpeed(decode),
  ]
    .filter((part) => part !== undefined)
    .join(" · ");
}
