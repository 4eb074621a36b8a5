import type { HubContent } from "./content.ts";

/** Which request a fault befalls: of the API, of `resolve`, or of the bytes at the end of redirects. */
export type HubStep = "api" | "resolve" | "data";

/** One way of misbehaving. Without `at` it befalls the step where it is usual. */
export type HubFault = { readonly at?: HubStep } & (
  | {
      readonly kind: "status";
      readonly status: number;
      /** Seconds, or a date. */
      readonly retryAfter?: string | number;
      readonly errorCode?: string;
      readonly body?: string;
    }
  /** Ends the connection after so much of the answer's body. */
  | { readonly kind: "cut"; readonly atPercent: number }
  /** Sends so much of the body and then nothing, with the connection open. */
  | { readonly kind: "stall"; readonly atPercent: number }
  /** So many bytes a second. */
  | { readonly kind: "slow"; readonly bytesPerSecond: number }
  /** The whole file with status 200, whatever was asked for. */
  | { readonly kind: "ignoreRange" }
  /** Another part than was asked for, said in Content-Range. */
  | { readonly kind: "shiftRange"; readonly by: number }
  /** One bit of the answer's body is wrong. */
  | { readonly kind: "flip"; readonly atPercent: number }
  /** Another file of this content, with its own ETag. */
  | { readonly kind: "change"; readonly content: HubContent; readonly keepEtag?: boolean }
  /** A web page with status 200. */
  | { readonly kind: "html"; readonly contentType?: string }
  | { readonly kind: "redirect"; readonly to: string }
  /** Accepts the request and never answers. */
  | { readonly kind: "silent" }
  /** Ends the connection before an answer. */
  | { readonly kind: "reset" }
);

/** When a fault counts. */
export interface FaultTimes {
  /** How many requests it befalls; all, if absent. */
  readonly times?: number;
  /** Spares so many before. */
  readonly after?: number;
}

export type FaultGiven = HubFault & FaultTimes;

const usualStep: Readonly<Record<HubFault["kind"], HubStep>> = {
  status: "resolve",
  cut: "data",
  stall: "data",
  slow: "data",
  ignoreRange: "data",
  shiftRange: "data",
  flip: "data",
  change: "data",
  html: "data",
  redirect: "resolve",
  silent: "data",
  reset: "data",
};

/** The faults that are set; each knows which requests are left to it. */
export interface FaultList {
  add(path: string | RegExp, fault: FaultGiven): void;
  clear(): void;
  /** What befalls a request, counted. */
  take(step: HubStep, path: string): HubFault[];
}

export function createFaults(): FaultList {
  let list: { path: string | RegExp; fault: FaultGiven; after: number; left: number }[] = [];
  return {
    add(path, fault) {
      list.push({ path, fault, after: fault.after ?? 0, left: fault.times ?? Infinity });
    },
    clear() {
      list = [];
    },
    take(step, path) {
      const taken: HubFault[] = [];
      for (const entry of list) {
        if ((entry.fault.at ?? usualStep[entry.fault.kind]) !== step || entry.left === 0) continue;
        const { path: wanted } = entry;
        if (typeof wanted === "string" ? !path.includes(wanted) : !wanted.test(path)) continue;
        if (entry.after > 0) entry.after -= 1;
        else {
          entry.left -= 1;
          taken.push(entry.fault);
        }
      }
      return taken;
    },
  };
}
