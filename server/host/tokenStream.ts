/** A generated token as it is shown. */
export interface ShownToken {
  readonly text: string;
  readonly logProbability: number;
}

/**
 * Sends tokens while the engine computes the next one. Sending takes as long as a tenth of a small
 * model's step; done at once, it would delay the step.
 */
export function createTokenStream(send: (token: ShownToken) => void): {
  push: (token: ShownToken) => void;
  /** Sends what is waiting; before the answer to the request. */
  flush: () => void;
} {
  let waiting: ShownToken[] = [];
  let scheduled = false;
  const flush = (): void => {
    const tokens = waiting;
    waiting = [];
    for (const token of tokens) send(token);
  };
  return {
    push(token) {
      waiting.push(token);
      if (scheduled) return;
      scheduled = true;
      // The engine starts a step in the immediate after it was asked to: this one comes later.
      setImmediate(() =>
        setImmediate(() => {
          scheduled = false;
          flush();
        }),
      );
    },
    flush,
  };
}
