import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readNpmConfig } from "../../../server/packs/npmConfig.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

/** What is read from a user's npmrc with this text, and these variables. */
function read(npmrc: string, env: Readonly<Record<string, string>> = {}) {
  const userFolder = temporaryFolder();
  writeFileSync(join(userFolder, ".npmrc"), npmrc);
  return readNpmConfig({ env, userFolder, execPath: join(userFolder, "bin", "node") });
}

describe("the configuration of the user's npm", () => {
  it("is read from their npmrc, with registry, scopes, key and proxy", () => {
    const options = read(
      [
        "# a comment",
        "; another",
        "registry = http://localhost:4873/",
        "@node-llama-cpp:registry=http://localhost:1/",
        "//localhost:4873/:_authToken=${TOKEN}",
        "https-proxy=http://localhost:8080",
        "noproxy=internal",
        "strict-ssl=false",
        "save-exact=true",
      ].join("\r\n"),
      { TOKEN: "key" },
    );
    expect(options).toEqual({
      registry: "http://localhost:4873/",
      "@node-llama-cpp:registry": "http://localhost:1/",
      "//localhost:4873/:_authToken": "key",
      httpsProxy: "http://localhost:8080",
      noProxy: "internal",
      strictSSL: false,
    });
  });

  it("is overruled by the environment, in whichever case it is written", () => {
    expect(read("registry=http://a/", { NPM_CONFIG_REGISTRY: "http://b/" })).toEqual({
      registry: "http://b/",
    });
    expect(
      read("", { npm_config_strict_ssl: "true", npm_config_https_proxy: "http://p/" }),
    ).toEqual({
      strictSSL: true,
      httpsProxy: "http://p/",
    });
  });

  it("may lie elsewhere, and on the machine", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "user"), "registry=http://user/");
    writeFileSync(join(folder, "global"), "registry=http://global/\nproxy=http://p/");
    const env = {
      npm_config_userconfig: join(folder, "user"),
      npm_config_globalconfig: join(folder, "global"),
    };
    expect(read("registry=http://not-this/", env)).toEqual({
      registry: "http://user/",
      proxy: "http://p/",
    });
  });

  it("is empty where there is none", () => {
    const none = {
      env: {},
      userFolder: join(temporaryFolder(), "none"),
      execPath: "/none/bin/node",
    };
    expect(readNpmConfig(none)).toEqual({});
  });
});
