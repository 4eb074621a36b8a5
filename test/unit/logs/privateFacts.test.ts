import { homedir } from "node:os";
import { expect, it } from "vitest";
import { readPrivateFacts, secretsOf } from "../../../server/logs/privateFacts.ts";

it("takes for secret what variables with telling names hold, but no programs and files", () => {
  expect(
    secretsOf({
      HF_TOKEN: "planted-token",
      my_api_key: "planted-key",
      PGPASSWORD: "planted-password",
      PATH: "/usr/bin",
      EDITOR: "vi",
      GIT_ASKPASS: "planted-program",
      SSH_AUTH_SOCK: homedir(),
      EMPTY_SECRET: undefined,
    }).filter((value) => value !== ""),
  ).toEqual(["planted-token", "planted-key", "planted-password"]);
});

it("knows the user's home folder", () => {
  expect(readPrivateFacts({}).userFolder).toBe(homedir());
});
