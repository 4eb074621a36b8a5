import type { RecentRequest } from "../../protocol/health.ts";

/** The last requests, for live charts. */
export interface RecentRequests {
  add(request: RecentRequest): void;
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
    all: () => (kept.length < most ? [...kept] : [...kept.slice(next), ...kept.slice(0, next)]),
  };
}
