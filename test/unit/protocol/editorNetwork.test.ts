import { describe, expect, it } from "vitest";
import { networkOf } from "../../../server/protocol/editorNetwork.ts";

describe("the editor's network settings", () => {
  const none = { proxy: "", noProxy: [], proxyStrictSSL: true, proxySupport: "override" };
  it("are handed on only where they are set", () => {
    expect(networkOf(none)).toBeUndefined();
    expect(networkOf({ ...none, proxy: "http://proxy:3128", noProxy: ["intranet"] })).toEqual({
      proxy: "http://proxy:3128",
      noProxy: ["intranet"],
    });
    expect(networkOf({ ...none, proxyStrictSSL: false })).toEqual({ strictSSL: false });
  });

  it("name no proxy that extensions shall not use, and nothing of another type", () => {
    expect(networkOf({ ...none, proxy: "http://proxy", proxySupport: "off" })).toBeUndefined();
    expect(networkOf({ ...none, proxy: 7, noProxy: [1, "a"] })).toEqual({ noProxy: ["a"] });
  });
});
