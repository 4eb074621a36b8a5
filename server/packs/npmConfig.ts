import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface NpmWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's own folder. */
  readonly userFolder: string;
  /** The Node.js beside whose npm the global configuration lies. */
  readonly execPath: string;
}

/** Options of npm's libraries: registry, credentials, proxy, certificates. */
export type NpmOptions = Readonly<Record<string, unknown>>;

/** npm's name of a setting → what its libraries call it. */
const optionNames: Readonly<Record<string, string>> = {
  registry: "registry",
  proxy: "proxy",
  "https-proxy": "httpsProxy",
  noproxy: "noProxy",
  "no-proxy": "noProxy",
  "strict-ssl": "strictSSL",
  ca: "ca",
  cert: "cert",
  key: "key",
  "local-address": "localAddress",
  "user-agent": "userAgent",
};

/**
 * What the user's npm is configured to: npmrc of user and machine, and the environment, which wins.
 * Names of registries stand nowhere else.
 */
export function readNpmConfig({ env, userFolder, execPath }: NpmWorld): NpmOptions {
  const own = fromEnvironment(env);
  const prefix = own.get("prefix") ?? dirname(dirname(execPath));
  const global = own.get("globalconfig") ?? join(prefix, "etc", "npmrc");
  const user = own.get("userconfig") ?? join(userFolder, ".npmrc");
  const all = new Map([...readNpmrc(global, env), ...readNpmrc(user, env), ...own]);
  const options: Record<string, unknown> = {};
  for (const [key, value] of all) {
    if (value === "" || value === "null") continue;
    if (key === "cafile") options["ca"] = readAuthorities(value);
    else if (key === "strict-ssl") options["strictSSL"] = value !== "false";
    else if (key.startsWith("//") || key.endsWith(":registry")) options[key] = value;
    else {
      const name = optionNames[key];
      if (name !== undefined) options[name] = value.replaceAll("\\n", "\n");
    }
  }
  return options;
}

function fromEnvironment(env: NpmWorld["env"]): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !/^npm_config_/i.test(name)) continue;
    const key = name.slice("npm_config_".length);
    // Names of hosts and scopes are taken as they are, all others may be written either way.
    const isExact = key.startsWith("//") || key.startsWith("@");
    found.set(isExact ? key : key.toLowerCase().replaceAll(/(?!^)_/g, "-"), value);
  }
  return found;
}

function readNpmrc(path: string, env: NpmWorld["env"]): Map<string, string> {
  const found = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return found;
  }
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    found.set(key, expand(value.replace(/^"(.*)"$/, "$1"), env));
  }
  return found;
}

/** `${NAME}` stands for a variable of the environment; unknown ones stay as they are. */
function expand(value: string, env: NpmWorld["env"]): string {
  return value.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => env[name] ?? whole);
}

function readAuthorities(path: string): string[] | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? undefined;
  } catch {
    return undefined;
  }
}
