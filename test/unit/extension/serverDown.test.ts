import { describe, expect, it } from "vitest";
import { serverDown } from "../../../extension/findings/serverDown.ts";

describe("a review that is asked for while no server runs", () => {
  it("names the remedy, with its button", () => {
    const notice = serverDown({ kind: "failed", reason: "It ended." });
    expect(notice?.message).toContain("restart the language server");
    expect(notice?.buttons.map(({ label }) => label)).toContain("Restart Server");
  });

  it.each(["starting", "restarting"] as const)("asks for patience while it is %s", (kind) => {
    expect(serverDown({ kind, reason: "" })?.message).toContain("Try again in a moment");
  });

  it("says nothing when it runs", () => {
    expect(serverDown({ kind: "running" })).toBeUndefined();
  });
});
