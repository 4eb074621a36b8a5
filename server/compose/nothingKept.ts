import type { ReviewerDependencies } from "../review/dependencies.ts";

/** For reviews that leave no trace: nothing was reviewed before, nothing dismissed. */
export const nothingKept: Pick<ReviewerDependencies, "snapshots" | "dismissals"> = {
  snapshots: { read: () => undefined, write: () => undefined, rename: () => undefined },
  dismissals: {
    of: () => new Set(),
    add: () => Promise.resolve(),
    clear: () => Promise.resolve(),
  },
};
