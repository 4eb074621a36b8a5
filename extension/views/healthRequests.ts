import type { EditorFacts } from "../../server/protocol/editorFacts.ts";
import { CodedError } from "../../server/protocol/errors.ts";
import { healthRequest, healthSchema, type Health } from "../../server/protocol/health.ts";
import { doctorReportSchema, type DoctorReport } from "../../server/protocol/records.ts";
import { statsRequest, statsSchema, type Stats } from "../../server/protocol/stats.ts";
import { healthViewRequests, type ServerView } from "../../server/protocol/webview.ts";
import type { Clock } from "../clock.ts";
import { fromServer } from "../fromServer.ts";
import type { RunCli } from "../runCli.ts";
import type { ServerState } from "../supervise.ts";
import { within } from "../within.ts";
import { viewServer } from "./serverView.ts";

/** How long a server that runs may take for an answer. */
export const answerTimeoutMs = 5_000;
/** How long the doctor may take, and with its slow checks: a hash of many gigabytes. */
export const doctorTimeoutMs = { quick: 60_000, full: 600_000 } as const;

export interface HealthRequestsOptions {
  readonly supervisor: {
    readonly state: ServerState;
    readonly running: { request(method: string): Promise<unknown> } | undefined;
  };
  readonly runCli: RunCli;
  readonly facts: () => EditorFacts;
  readonly clock: Clock;
  /** A line of the diagnosis that runs. */
  readonly onProgress: (line: string) => void;
}

/** Answers what the health view asks of its own; every promise settles, whatever hangs. */
export interface HealthRequests {
  /** Undefined: the method is none of the health view. */
  readonly answer: (method: string, params: unknown) => Promise<object> | undefined;
  /** Ends a diagnosis that runs. */
  readonly dispose: () => void;
}

export function createHealthRequests(options: HealthRequestsOptions): HealthRequests {
  const { supervisor, clock } = options;
  let diagnosis: { full: boolean; report: Promise<DoctorReport>; end: () => void } | undefined;

  async function health(): Promise<Health | ServerView> {
    const run = supervisor.running;
    if (run === undefined) return viewServer(supervisor.state);
    try {
      return healthSchema.parse(await ask(run, healthRequest.method));
    } catch (error) {
      // It ended while it was asked.
      if (supervisor.running !== run) return viewServer(supervisor.state);
      throw error;
    }
  }

  async function stats(): Promise<Stats> {
    const run = supervisor.running;
    return run === undefined
      ? options.runCli(statsSchema, { args: ["stats"] })
      : statsSchema.parse(await ask(run, statsRequest.method));
  }

  async function ask(
    run: { request(method: string): Promise<unknown> },
    method: string,
  ): Promise<unknown> {
    try {
      return await within(clock, answerTimeoutMs, run.request(method), () => {
        return new CodedError("TIMEOUT_ERROR", "The language server does not answer.");
      });
    } catch (error) {
      throw fromServer(error);
    }
  }

  function diagnose(full: boolean): Promise<DoctorReport> {
    if (diagnosis?.full === full) return diagnosis.report;
    diagnosis?.end();
    const aborting = new AbortController();
    const limitMs = full ? doctorTimeoutMs.full : doctorTimeoutMs.quick;
    const report = within(
      clock,
      limitMs,
      options.runCli(doctorReportSchema, {
        args: full ? ["doctor", "--full"] : ["doctor"],
        facts: options.facts(),
        onNote: options.onProgress,
        signal: aborting.signal,
      }),
      () => {
        aborting.abort();
        return new CodedError("TIMEOUT_ERROR", `The diagnosis took more than ${limitMs / 1000} s.`);
      },
    );
    const started = { full, report, end: () => aborting.abort() };
    diagnosis = started;
    const forget = () => {
      if (diagnosis === started) diagnosis = undefined;
    };
    report.then(forget, forget);
    return report;
  }

  return {
    answer(method, params) {
      switch (method) {
        case "health":
          return health();
        case "stats":
          return stats();
        case "diagnose":
          return diagnose(healthViewRequests.diagnose.parse(params).full);
        default:
          return undefined;
      }
    },
    dispose() {
      diagnosis?.end();
    },
  };
}
