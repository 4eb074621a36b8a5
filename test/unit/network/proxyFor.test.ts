import { describe, expect, it } from "vitest";
import { proxyFor, type ProxySettings } from "../../../server/network/proxyFor.ts";

function check(address: string, settings: Partial<ProxySettings>, expected: string | undefined) {
  const found = proxyFor(new URL(address), { env: {}, ...settings });
  expect(found && "origin" in found ? found.origin : found).toBe(expected);
}

describe("the proxy that leads to an address", () => {
  it("is the editor's before the environment's", () => {
    const env = { HTTPS_PROXY: "http://of.env:1" };
    check("https://hub.example", { env, proxy: "http://of.editor:2" }, "http://of.editor:2");
    check("https://hub.example", { env, proxy: " " }, "http://of.env:1");
  });

  it("is that of the scheme, in small letters first, else the one for all", () => {
    const env = { https_proxy: "small:1", HTTPS_PROXY: "large:2", ALL_PROXY: "http://all:3" };
    check("https://hub.example", { env }, "http://small:1");
    check("http://hub.example", { env }, "http://all:3");
    check("http://hub.example", {}, undefined);
  });

  it("says what names it, and keeps user and password apart from what is shown", () => {
    const url = new URL("https://hub.example");
    const env = { https_proxy: "me:50%@of.env:1" };
    expect(proxyFor(url, { env })).toEqual({
      ...{ origin: "http://of.env:1", namedBy: "https_proxy" },
      place: { secure: false, host: "of.env", port: 1, loopback: false, path: "" },
      authorization: `Basic ${Buffer.from("me:50%").toString("base64")}`,
    });
    const proxy = "https://of.editor/";
    expect(proxyFor(url, { env, proxy })).toMatchObject({
      ...{ origin: "https://of.editor", namedBy: "the editor's http.proxy" },
      place: { secure: true, port: 443 },
    });
  });

  it.each(["http://me:hidden@[", "socks5://me:hidden@proxy:1080"])(
    "is none where %s is said to be one, which is told without the address",
    (address) => {
      const bad = proxyFor(new URL("https://hub.example"), { env: { ALL_PROXY: address } });
      expect(bad).toEqual({ invalid: "ALL_PROXY" });
    },
  );

  it.each(["http://localhost:8080", "http://127.0.0.1", "http://[::1]:9", "http://a.localhost"])(
    "is none for %s, which is this machine",
    (address) => check(address, { proxy: "http://proxy:1" }, undefined),
  );

  it.each([
    ["hub.example", "https://hub.example", true],
    ["hub.example", "https://files.hub.example", true],
    [".hub.example", "https://files.hub.example", true],
    ["*.hub.example", "https://files.hub.example", true],
    ["hub.example", "https://otherhub.example", false],
    ["hub.example:443", "https://hub.example", true],
    ["hub.example:8443", "https://hub.example", false],
    ["other, HUB.example", "https://hub.example", true],
    ["*", "https://hub.example", true],
    ["", "https://hub.example", false],
  ])("with the exceptions %j for %s: excepted %s", (list, address, isExcepted) => {
    const proxy = "http://proxy:1";
    const expected = isExcepted ? undefined : proxy;
    check(address, { proxy, env: { NO_PROXY: list } }, expected);
    check(address, { proxy, noProxy: list.split(", ") }, expected);
  });
});
