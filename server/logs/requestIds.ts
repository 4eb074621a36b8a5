/** Hands out ids of requests; no two processes that live at once hand out the same. */
export interface RequestIds {
  /** Of a suggestion, such as `s2f-17`; a following one counts on. */
  next(): string;
  /** Of a review, such as `s2f-r3`. */
  nextReview(): string;
  /** Of work ahead of a request, such as `s2f-w5`. */
  nextWarm(): string;
  /** Of a workflow, such as `s2f-gmh2k0a1b`. Its result is kept by it: no later process hands it out. */
  nextWorkflow(): string;
}

/**
 * @param kind `s`: a language server; `c`: the command line; `a`: the API.
 * @param startedAt milliseconds of Unix time
 */
export function createRequestIds(
  kind: "s" | "c" | "a",
  pid: number = process.pid,
  startedAt: number = Date.now(),
): RequestIds {
  const start = `${kind}${pid.toString(36)}`;
  let suggestions = 0;
  let reviews = 0;
  let warmings = 0;
  let workflows = 0;
  return {
    next() {
      suggestions += 1;
      return `${start}-${suggestions}`;
    },
    nextReview() {
      reviews += 1;
      return `${start}-r${reviews}`;
    },
    nextWarm() {
      warmings += 1;
      return `${start}-w${warmings}`;
    },
    nextWorkflow() {
      workflows += 1;
      // Process ids come again, though not within so few milliseconds.
      return `${start}-g${(startedAt + workflows).toString(36)}`;
    },
  };
}
