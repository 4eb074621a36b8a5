import type { ErrorCode } from "../server/protocol/errors.ts";
import type { Status } from "../server/protocol/editor.ts";
import type { Availability } from "./availability.ts";
import type { ServerState } from "./supervise.ts";
import { describeModel, escapeMarkdown, nameModel, starterNotice } from "./modelText.ts";

export interface StatusInput {
  readonly server: ServerState;
  /** What the server said last; undefined until it has said something. */
  readonly status: Status | undefined;
  readonly availability: Availability;
  /** Language of the active editor. */
  readonly languageId: string | undefined;
  readonly snoozeMinutes: number;
}

/** What the status item stands for; `code` only with `error`. */
export type StatusKind = "ok" | "busy" | "starting" | "error" | "off" | "snoozed" | "languageOff";

/** The status item, ready to be drawn. */
export interface StatusView {
  readonly kind: StatusKind;
  readonly code?: ErrorCode;
  /** With codicons. */
  readonly text: string;
  /** Colour that asks for attention. */
  readonly emphasis: "none" | "warning" | "error";
  /** One line without icons, for the menu and for screen readers. */
  readonly summary: string;
  /** Markdown. */
  readonly tooltip: string;
}

/** The user's own switch hides errors; an error hides a pause or a language that is off. */
export function viewStatus(input: StatusInput): StatusView {
  const view = headline(input);
  return { ...view, emphasis: emphasisOf(view, input), tooltip: tooltipOf(view.summary, input) };
}

type Headline = Omit<StatusView, "tooltip" | "emphasis">;

/** What is not as it was asked for is worth a colour only while the service does its work. */
function emphasisOf({ kind }: Headline, { status }: StatusInput): StatusView["emphasis"] {
  if (kind === "error") {
    return "error";
  }
  const works = kind === "ok" || kind === "busy";
  const isLess = status?.code === "ENDPOINTS_DOWN";
  const isTroubled =
    isLess || status?.problem !== undefined || (status?.settingProblems.length ?? 0) > 0;
  return works && isTroubled ? "warning" : "none";
}

function headline({
  server,
  status,
  availability,
  languageId,
  snoozeMinutes,
}: StatusInput): Headline {
  const off = availability.kind === "off" ? availability.why : undefined;
  if (off === "disabled") {
    return {
      kind: "off",
      text: "$(circle-slash) StarCoder: off",
      summary: "Suggestions are off.",
    };
  }
  if (server.kind === "failed") {
    return error("SERVER_CRASH_LOOP", `The language server does not run. ${server.reason}`);
  }
  if (server.kind !== "running" || status === undefined) {
    return starting(
      server.kind === "restarting" ? "The language server is restarted." : "Starting.",
    );
  }
  if (status.state === "error") {
    return error(status.code ?? "INTERNAL_ERROR", status.message);
  }
  if (off === "snoozed") {
    return {
      kind: "snoozed",
      text: `$(bell-slash) StarCoder: ${snoozeMinutes} min`,
      summary: `Suggestions are snoozed for ${snoozeMinutes} more ${snoozeMinutes === 1 ? "minute" : "minutes"}.`,
    };
  }
  if (off === "language") {
    return {
      kind: "languageOff",
      text: "$(circle-slash) StarCoder",
      summary: `Suggestions are off for ${languageId ?? "this language"}.`,
    };
  }
  switch (status.state) {
    case "off":
      return { kind: "off", text: "$(circle-slash) StarCoder: off", summary: status.message };
    case "starting":
      return starting(status.message);
    case "busy":
      return {
        kind: "busy",
        text: "$(loading~spin) StarCoder",
        summary: "A suggestion is being computed.",
      };
    case "ok":
      return {
        kind: "ok",
        text: "$(star-full) StarCoder",
        summary: summaryOf(status),
      };
  }
}

function summaryOf({ model, message, unloaded, switchingTo }: Status): string {
  if (model === undefined) return message;
  const name = nameModel(model);
  if (unloaded === true) {
    return `${name} is unloaded to free memory; it is loaded at the next key.`;
  }
  const next = switchingTo === undefined ? "" : `; ${switchingTo} is being loaded`;
  return `Ready with ${name}${next}.`;
}

function error(code: ErrorCode, summary: string): Headline {
  return { kind: "error", code, text: `$(error) StarCoder: ${code}`, summary };
}

function starting(summary: string): Headline {
  return { kind: "starting", text: "$(loading~spin) StarCoder: starting", summary };
}

function tooltipOf(summary: string, { server, status }: StatusInput): string {
  const parts = [`**StarCoder Local** — ${escapeMarkdown(summary)}`];
  const current = server.kind === "running" ? status : undefined;
  if (current?.remedy !== undefined) {
    parts.push(escapeMarkdown(current.remedy));
  }
  if (current?.endpoints !== undefined) {
    const { up, total } = current.endpoints;
    const noun = total === 1 ? "engine" : "engines";
    parts.push(`${up < total ? "$(warning) " : ""}${up} of ${total} remote ${noun} up`);
  }
  if (current?.model !== undefined) {
    parts.push(escapeMarkdown(describeModel(current.model, current.backend)));
    if (current.model.starter) {
      parts.push(`$(info) ${starterNotice} [Use a larger model](command:starcoder.openModelDocs)`);
    }
  }
  if (current?.problem !== undefined) {
    const { code, message, remedy } = current.problem;
    parts.push(`$(warning) ${escapeMarkdown(`${code}: ${message} ${remedy}`)}`);
  }
  for (const problem of current?.settingProblems ?? []) {
    parts.push(`$(warning) ${escapeMarkdown(problem.message)}`);
  }
  parts.push("_Click for the menu._");
  return parts.join("\n\n");
}
