import type { RecentRequest } from "../../protocol/health.ts";
import type { Usage } from "../../protocol/host.ts";

/** The last requests, for live charts. */
export interface RecentRequests {
  add(request: RecentRequest): void;
  /** What the generation that a request began has cost, where that is known after its answer. */
  charge(requestId: string, usage: Usage): void;
  /** Oldest first. */
  all(): RecentRequest[];
}

/** How many are kept. */
export const mostRecentRequests = 120;

export function createRecentRequests(most = mostRecentRequests): RecentRequests {
  const kept: RecentRequest[] = [];
  let next = 0;
  return {
    add(request) {
      kept[next] = request;
      next = (next + 1) % most;
    },
    charge(requestId, usage) {
      const at = kept.findLastIndex((request) => request.requestId === requestId);
      const request = kept[at];
      if (request !== undefined) kept[at] = { ...request, ...usage };
    },
    all: () => (kept.length < most ? [...kept] : [...kept.slice(next), ...kept.slice(0, next)]),
  };
}
