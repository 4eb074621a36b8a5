import { describe, expect, it } from "vitest";
import { addressOf } from "../../../server/network/endpointUrl.ts";

describe("an address as it is shown", () => {
  it.each([
    ["https://user:planted@box:8443/v1?key=planted", "https://box:8443/v1"],
    ["http://box/", "http://box"],
    ["http:/user:pl@nted@bo x", "bo x"],
    ["http://user:pl@nted@bo x/v1?key=planted", "http://bo x/v1"],
    ["user:planted@box:8080", "box:8080"],
    ["box:8080", "box:8080"],
  ])("of %s is %s, without user, password and query", (given, shown) => {
    expect(addressOf(given)).toBe(shown);
  });
});
