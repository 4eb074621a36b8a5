import { serverDown } from "../findings/serverDown.ts";
import { showNotice } from "../showNotice.ts";
import type { Command } from "./command.ts";

/** Where no server runs, its findings are gone with it. */
export const clearReview: Command = {
  async run({ review, supervisor }) {
    const down = serverDown(supervisor.state);
    if (down !== undefined) {
      review.reset();
      await showNotice(down);
      return;
    }
    await review.clear();
  },
};
