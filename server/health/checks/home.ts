import type { Check } from "../check.ts";

/** The home exists and can be written. */
export const homeCheck: Check = {
  name: "home",
  title: "Home folder",
  async run(world) {
    await world.openHome();
    return { status: "ok", message: `${world.homePath} can be written.` };
  },
};
