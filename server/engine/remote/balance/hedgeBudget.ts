/** So many of a hundred requests may be asked of two servers. */
const percent = 5;
/** What may be saved up: when a server dies, all that waits there is asked elsewhere at once. */
const mostSaved = 16;

/** Keeps second requests few: were every late one asked twice, an overload would double itself. */
export interface HedgeBudget {
  /** A request came: a part of a second one is earned. */
  earn(): void;
  /** Whether there is one to take. */
  readonly has: boolean;
  /** Takes one. */
  take(): void;
}

export function createHedgeBudget(): HedgeBudget {
  // In hundredths, as whole numbers.
  let saved = mostSaved * 100;
  return {
    earn() {
      saved = Math.min(mostSaved * 100, saved + percent);
    },
    get has() {
      return saved >= 100;
    },
    take() {
      saved -= 100;
    },
  };
}
