import { basename } from "node:path";
import { CodedError, errorTable } from "../../protocol/errors.ts";
import type { HostConfig } from "../../protocol/host.ts";
import { needsSameHost } from "./hostConfigs.ts";

/** How often a host that dies while another could serve is tried once more. */
const triesAgain = 1;

/** Which model is asked for, which is on its way, and what goes on if that does not work. */
export interface Targets {
  /** What is being started, or serves: what is asked for, unless that failed. */
  readonly target: HostConfig;
  /** What served last. */
  readonly proven: HostConfig | undefined;
  /** Why what is asked for is not used, until something else is. */
  readonly failure: CodedError | undefined;
  /** Asks for another one. Whether it needs another host than the one asked for before. */
  want(next: HostConfig): boolean;
  /** Forgets how earlier attempts went: what is asked for is tried anew. */
  startOver(): void;
  /** The target serves. */
  reached(): void;
  /** The target died: whether it is worth another try. */
  mayTryAgain(): boolean;
  /** The target does not fit beside another: whether the other may make room, which it does once. */
  mayMakeRoom(): boolean;
  /** The target does not work: what worked before is the target again. */
  failed(reason: CodedError, serving: HostConfig | undefined): CodedError;
  /** Notes why another host could not be moved to; the target stays. */
  stayed(reason: CodedError): void;
}

export function createTargets(initial: HostConfig): Targets {
  let wanted = initial;
  let target = initial;
  let proven: HostConfig | undefined;
  let failure: CodedError | undefined;
  let tries = 0;
  let madeRoom = false;

  return {
    get target() {
      return target;
    },
    get proven() {
      return proven;
    },
    get failure() {
      return failure;
    },
    want(next) {
      const isOther = !needsSameHost(wanted, next);
      if (!isOther && target === wanted) target = next;
      wanted = next;
      return isOther;
    },
    startOver() {
      target = wanted;
      failure = undefined;
      tries = 0;
      madeRoom = false;
    },
    reached() {
      proven = target;
      if (target === wanted) failure = undefined;
      tries = 0;
      madeRoom = false;
    },
    mayTryAgain() {
      tries += 1;
      return tries <= triesAgain;
    },
    mayMakeRoom() {
      const may = !madeRoom;
      madeRoom = true;
      return may;
    },
    failed(reason, serving) {
      const detail = `${basename(target.modelPath)}: ${reason.message}`;
      failure = new CodedError("MODEL_SWITCH_FAILED", detail, reason);
      target = serving ?? proven ?? target;
      return failure;
    },
    stayed(reason) {
      failure = reason;
    },
  };
}

/** Whether another host for the same may do better, without the user doing anything. */
export function isRetryable({ code }: CodedError): boolean {
  return errorTable[code].retryable && code !== "HOST_VERSION";
}
