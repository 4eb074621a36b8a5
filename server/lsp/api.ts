import type { Product } from "../compose/compose.ts";
import { apiReportSchema, type ApiChildInput, type ApiReport } from "../protocol/api.ts";
import type { EditorNetwork } from "../protocol/editorNetwork.ts";
import { CodedError } from "../protocol/errors.ts";
import type { Settings } from "../protocol/settings.ts";

/** The process that serves the API, as far as who started it sees it. */
export interface ApiProcess {
  /** Sends settings, keys and the editor's network settings. */
  send(input: ApiChildInput): void;
  /** Has it end; `onEnd` follows. */
  end(): void;
}

/** Starts it. */
export type LaunchApi = (events: {
  /** A line that it printed. */
  readonly onLine: (line: string) => void;
  readonly onEnd: () => void;
}) => ApiProcess;

export interface ApiServiceOptions {
  readonly product: Pick<Product, "clock" | "settings" | "logger">;
  readonly launch: LaunchApi;
  /** Whether a process of this home serves. */
  readonly isServed: () => boolean;
  /** The failure that the user should know of has changed. */
  readonly onProblem: (problem: CodedError | undefined) => void;
}

/** Has the loopback API served while `starcoder.http.enabled` is on. */
export interface ApiService {
  /** The settings have changed, or are there for the first time. */
  refresh(): void;
  /** The keys of remote engines have changed. */
  setEndpointKeys(keys: Readonly<Record<string, string>>): void;
  /** The editor's own network settings have come, or have changed. */
  setNetwork(network: EditorNetwork | undefined): void;
  dispose(): void;
}

/** How often it is looked whether the window that serves is gone. */
const lookEveryMs = 5000;
/** After a failure: so long, twice as long each time, at most. */
const firstPauseMs = 1000;
const longestPauseMs = 60_000;
/** Who has served for so long has not failed at the start. */
const soundAfterMs = 30_000;

/**
 * One process serves for all windows of a home. Each window looks whether there is one, which costs
 * a look at a file, and starts one where there is none; who comes second is sent home by the lock.
 */
export function createApiService(options: ApiServiceOptions): ApiService {
  const { product, launch, isServed, onProblem } = options;
  const { clock } = product;
  const log = product.logger.for("server");
  let child:
    { readonly process: ApiProcess; readonly port: number; readonly since: number } | undefined;
  let keys: Readonly<Record<string, string>> = {};
  let network: EditorNetwork | undefined;
  let cancelTimer = (): void => undefined;
  let pauseMs = firstPauseMs;
  let problem: CodedError | undefined;
  let disposed = false;

  const wanted = (): boolean => !disposed && product.settings["http.enabled"];

  function setProblem(next: CodedError | undefined): void {
    if (next?.message === problem?.message) return;
    problem = next;
    onProblem(next);
  }

  function later(ms: number): void {
    cancelTimer();
    cancelTimer = clock.after(ms, look);
  }

  function look(): void {
    if (!wanted() || child !== undefined) return;
    if (isServed()) {
      setProblem(undefined);
      later(lookEveryMs);
    } else start();
  }

  function start(): void {
    let held = false;
    const process = launch({
      onLine(line) {
        const report = readReport(line);
        if (report?.state === "held") held = true;
        if (report !== undefined) heard(report);
      },
      onEnd() {
        if (child?.process !== process) return;
        const wasSound = clock.now() - child.since >= soundAfterMs;
        child = undefined;
        if (!wanted()) return;
        if (held) {
          later(lookEveryMs);
          return;
        }
        if (wasSound) pauseMs = firstPauseMs;
        log.warn("the process of the API ended", { retryInMs: pauseMs });
        later(pauseMs);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      },
    });
    child = { process, port: product.settings["http.port"], since: clock.now() };
    process.send(input());
  }

  function heard(report: ApiReport): void {
    if (report.state === "serving") {
      setProblem(undefined);
      log.info("the API is served", { address: report.address });
    } else if (report.state === "failed") {
      const error = CodedError.fromData(report.error);
      log.warn("the API is not served", { code: error.code, detail: error.message });
      setProblem(error);
    }
  }

  function input(): ApiChildInput {
    const settings: Settings = product.settings;
    return {
      settings: { ...settings },
      endpointKeys: { ...keys },
      ...(network === undefined ? {} : { network }),
    };
  }

  return {
    refresh() {
      if (!wanted()) {
        cancelTimer();
        setProblem(undefined);
        child?.process.end();
        child = undefined;
        return;
      }
      if (child === undefined) look();
      else if (child.port === product.settings["http.port"]) child.process.send(input());
      else {
        child.process.end();
        child = undefined;
        // The one that ends lets go of the lock first.
        later(firstPauseMs);
      }
    },
    setEndpointKeys(next) {
      keys = next;
      child?.process.send(input());
    },
    setNetwork(next) {
      if (JSON.stringify(next) === JSON.stringify(network)) return;
      network = next;
      child?.process.send(input());
    },
    dispose() {
      disposed = true;
      cancelTimer();
      child?.process.end();
      child = undefined;
    },
  };
}

function readReport(line: string): ApiReport | undefined {
  try {
    return apiReportSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
