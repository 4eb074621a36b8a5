import type { Check } from "../check.ts";

/** The home exists and can be written. */
export const homeCheck: Check = {
  name: "home",
  title: "Home folder",
  group: "machine",
  why: "The model host is found, and nothing is lost, by way of it.",
  async run({ home }) {
    await home.open();
    return { status: "ok", message: `${home.path} can be written.` };
  },
};
