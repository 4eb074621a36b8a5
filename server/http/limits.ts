/** What the loopback API takes. Times in milliseconds. */
export interface ApiLimits {
  /** Longest body, in bytes. */
  readonly bodyBytes: number;
  /** Deepest nesting of JSON. */
  readonly jsonDepth: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number;
  /** From then to the end of its body. */
  readonly bodyMs: number;
  /** How long a connection without a request is kept. */
  readonly idleMs: number;
  /** Connections at once; past that, the one that is idle for longest is closed. */
  readonly connections: number;
  /** Requests of one connection at once (pipelining). */
  readonly perConnection: number;
  /** Longest time of a request, but for workflows. */
  readonly requestMs: number;
  /** What a workflow may take beyond its budget, to end its last step. */
  readonly workflowGraceMs: number;
  /** How long a request waits for a model that is being loaded. */
  readonly modelMs: number;
  /** How often Node looks for connections whose time is over. */
  readonly checkMs: number;
}

/** The limits in force; docs/api.md lists them. */
export const apiLimits: ApiLimits = {
  bodyBytes: 2 * 1024 * 1024,
  jsonDepth: 64,
  headersMs: 10_000,
  bodyMs: 30_000,
  idleMs: 15_000,
  connections: 512,
  perConnection: 8,
  requestMs: 120_000,
  workflowGraceMs: 30_000,
  modelMs: 60_000,
  checkMs: 1000,
};
