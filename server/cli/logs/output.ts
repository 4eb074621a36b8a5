/** The standard output of a command that prints for as long as somebody reads. */
export interface Output {
  /** Whether escape codes for colours are understood and wanted. */
  readonly isColoured: boolean;
  /** Settles when the reader can take more. */
  write(text: string): Promise<void>;
  /** Aborts when nobody reads any more: `starcoder logs | head` is no failure. */
  readonly closed: AbortSignal;
}

export function standardOutput(): Output {
  const { stdout } = process;
  const closed = new AbortController();
  stdout.on("error", (error: Error & { code?: string }) => {
    closed.abort(error);
  });
  return {
    isColoured: stdout.isTTY && !process.env["NO_COLOR"],
    closed: closed.signal,
    write(text) {
      if (closed.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        stdout.write(text, () => resolve());
      });
    },
  };
}
