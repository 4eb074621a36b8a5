import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { deploymentLabel } from "../../../server/health/containers/readDocker.ts";
import { interpolate, readVariables, variablesOf } from "../../support/composeSpec/interpolate.ts";
import {
  isMapping,
  listAt,
  mappingAt,
  readComposeFile,
  readDeployment,
  textAt,
  type Mapping,
  type Value,
} from "../../support/composeSpec/readDeployment.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = join(root, "deploy");
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const example = read("deploy", ".env.example");
const variables = readVariables(example, true);
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
/** The combinations that `.env.example` offers. */
const deployments = [...example.matchAll(/^#?COMPOSE_FILE=(.*)$/gm)].map(([, list = ""]) => list);

const schema: Record<string, unknown> = {
  ...(JSON.parse(read("test", "support", "composeSpec", "schema.json")) as object),
  // The file names draft 7 by an address that Ajv does not know it by.
  $schema: "http://json-schema.org/draft-07/schema#",
};
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

const servicesOf = (list: string) =>
  Object.entries(mappingAt(readDeployment(folder, list.split(":"), variables), "services")).map(
    ([name, service]) => [name, mappingAt(service)] as const,
  );
const services = deployments.flatMap((list) =>
  servicesOf(list).map(([name, service]) => [list, name, service] as const),
);

describe("a compose file", () => {
  it.each(files)(
    "%s is YAML without mistakes and what the compose specification allows",
    (file) => {
      const [document] = parseAllDocuments(interpolate(read("deploy", file), variables));
      expect(document?.errors).toEqual([]);
      expect(document?.warnings).toEqual([]);
      validate(readComposeFile(folder, file, variables));
      expect(validate.errors ?? []).toEqual([]);
    },
  );

  it("is part of a deployment that the example offers, and named in the guide", () => {
    const offered = new Set(deployments.flatMap((list) => list.split(":")));
    expect(files.filter((file) => !offered.has(file))).toEqual(["common.yml"]);
    const guide = read("deploy", "README.md");
    expect(files.filter((file) => !guide.includes(`\`${file}\``))).toEqual([]);
  });

  it("needs no variable that the example does not have, and each of the example is used", () => {
    const used = files.flatMap((file) => variablesOf(read("deploy", file)));
    const required = used.filter(({ required }) => required).map(({ name }) => name);
    expect(required.filter((name) => !(name in variables))).toEqual([]);
    const known = new Set([...used.map(({ name }) => name), "COMPOSE_FILE"]);
    expect(Object.keys(variables).filter((name) => !known.has(name))).toEqual([]);
  });

  it("starts with no value set but those that it asks for by name", () => {
    const asked = { ACME_EMAIL: "a@example.com", HOST_NAME: "code.example.com" };
    for (const list of deployments) {
      validate(readDeployment(folder, list.split(":"), asked));
      expect(validate.errors ?? [], list).toEqual([]);
    }
  });

  it("is told apart from one with a key that there is not", () => {
    expect(validate({ services: { engine: { image: "a:1", helthcheck: {} } } })).toBe(false);
  });

  it("says which variable is missing where it asks for one", () => {
    expect(() => readComposeFile(folder, "acme.yml", {})).toThrow("ACME_EMAIL is not set in .env");
  });
});

describe("a deployment", () => {
  it.each(deployments)("%s is whole: all it names is there", (list) => {
    const deployment = readDeployment(folder, list.split(":"), variables);
    validate(deployment);
    expect(validate.errors ?? []).toEqual([]);
    for (const kind of ["networks", "secrets"]) {
      const used = servicesOf(list).flatMap(([, service]) => listAt(service, kind));
      const declared: readonly Value[] = Object.keys(mappingAt(deployment, kind));
      expect(used.filter((name) => !declared.includes(name))).toEqual([]);
    }
  });

  it.each(services)("%s: %s is pinned, watched and bounded", (_list, name, service) => {
    expect(service["image"]).toMatch(/^[\w./-]+:[\w-]*v\d+\.\d+\.\d+$/);
    expect(listAt(mappingAt(service, "healthcheck"), "test").length).toBeGreaterThan(1);
    expect(mappingAt(service, "healthcheck")["start_period"]).toBeTypeOf("string");
    const limits = mappingAt(service, "deploy", "resources", "limits");
    expect(limits["memory"]).toMatch(/^\d+[mg]$/);
    expect(limits["pids"]).toBeGreaterThan(0);
    expect(service["restart"]).toBe("unless-stopped");
    expect(service["stop_grace_period"]).toMatch(/^\d+s$/);
    const options = mappingAt(service, "logging", "options");
    expect([options["max-size"], options["max-file"]]).toEqual(["10m", "3"]);
    expect(name).toMatch(/^(proxy|engine-\d)$/);
    // The doctor finds the containers by it.
    expect(service["labels"]).toEqual({ [deploymentLabel]: "deployment" });
  });

  it.each(services)("%s: %s has no right that it does not need", (_list, name, service) => {
    expect(service["user"]).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service["read_only"]).toBe(true);
    expect(service["cap_drop"]).toEqual(["ALL"]);
    expect(service["security_opt"]).toEqual(["no-new-privileges:true"]);
    const forbidden = ["privileged", "cap_add", "network_mode", "pid", "ipc", "devices"];
    expect(forbidden.filter((key) => key in service)).toEqual([]);
    expect("ports" in service).toBe(name === "proxy");
    expect(JSON.stringify(service)).not.toContain("docker.sock");
    if (name !== "proxy") expect(service["networks"]).toEqual(["inner"]);
  });

  it.each(services)(
    "%s: %s has models from a volume and its key from a file",
    (_l, name, service) => {
      const places = listAt(service, "volumes").map((mount) => mappingAt(mount));
      expect(places.every(({ type }) => type === "bind")).toBe(true);
      // A folder that Docker made would belong to root.
      expect(places.every((mount) => mappingAt(mount, "bind")["create_host_path"] === false)).toBe(
        true,
      );
      if (name !== "proxy") {
        expect(places.find(({ target }) => target === "/models")).toMatchObject({
          read_only: true,
        });
        expect(service["secrets"]).toEqual(["api_key"]);
        expect(JSON.stringify([service["command"], service["entrypoint"] ?? ""])).toContain(
          "/run/secrets/api_key",
        );
      }
      const environment = Object.keys(mappingAt(service, "environment"));
      expect(environment.filter((key) => /KEY|TOKEN|SECRET|PASSWORD/.test(key))).toEqual([]);
    },
  );

  it("has no network out of the engines", () => {
    for (const list of deployments) {
      const { networks } = readDeployment(folder, list.split(":"), variables);
      expect(mappingAt(networks, "inner")["internal"]).toBe(true);
    }
  });

  it("has no secret in the tree", () => {
    expect(Object.keys(variables).filter((name) => /KEY|TOKEN|SECRET|PASSWORD/.test(name))).toEqual(
      [],
    );
    for (const place of ["secrets", "models", "cache"]) {
      expect(read("deploy", place, ".gitignore")).toBe("*\n!.gitignore\n");
    }
    expect(read("deploy", ".gitignore")).toContain(".env\n");
    expect(read(".vscodeignore")).not.toContain("deploy");
  });
});

describe("the proxy's routes", () => {
  it.each(deployments)("of %s lead to engines that run, by parts that exist", (list) => {
    const running = servicesOf(list);
    const proxy = running.find(([name]) => name === "proxy")?.[1] ?? {};
    const { http } = readRoutes(proxy);
    const routers = Object.values(mappingAt(http, "routers")).map((router) => mappingAt(router));
    const balancers = Object.values(mappingAt(http, "services")).map((service) =>
      mappingAt(service, "loadBalancer"),
    );
    for (const router of routers) {
      expect(Object.keys(mappingAt(http, "services"))).toContain(router["service"]);
      const known: readonly Value[] = Object.keys(mappingAt(http, "middlewares"));
      expect(listAt(router, "middlewares").filter((name) => !known.includes(name))).toEqual([]);
    }
    const engines = running.map(([name]) => name).filter((name) => name !== "proxy");
    const led = balancers.flatMap((balancer) =>
      listAt(balancer, "servers").map((server) => mappingAt(server)["url"]),
    );
    expect([...new Set(led)]).toEqual(engines.map((name) => `http://${name}:8080`));
    for (const balancer of balancers) {
      const known = Object.keys(mappingAt(http, "serversTransports"));
      expect(known).toContain(balancer["serversTransport"]);
    }
  });

  it.each(["one", "two"])("of %s let in what clients ask for and nothing else", (which) => {
    const routes = mappingAt(parseRoutes(read("deploy", "traefik", which, "routes.yml")), "http");
    const patterns = Object.values(mappingAt(routes, "routers")).map((router) => {
      const rule = textAt(mappingAt(router), "rule");
      return new RegExp(/^PathRegexp\(`(.*)`\)$/.exec(rule)?.[1] ?? "(?!)");
    });
    const isLetIn = (path: string) => patterns.filter((pattern) => pattern.test(path)).length;
    const served = ["/health", "/v1/models", "/v1/completions", "/v1/chat/completions"];
    for (const path of [...served, "/completion", "/infill", "/tokenize", "/props"]) {
      expect(isLetIn(path), path).toBe(1);
      for (const own of ["/1", "/2"]) expect(isLetIn(own + path)).toBe(which === "two" ? 1 : 0);
    }
    // vLLM asks for no key at any of these.
    const closed = ["/metrics", "/invocations", "/score", "/pooling", "/classify", "/load", "/"];
    for (const path of [...closed, "/slots", "/v1/load_lora_adapter", "/v1/models/../../metrics"]) {
      expect(isLetIn(path), path).toBe(0);
      expect(isLetIn(`/1${path}`), path).toBe(0);
    }
  });
});

describe("docker compose", () => {
  const reason = whyNoCompose();
  it.skipIf(reason !== undefined)("accepts each deployment", () => {
    for (const list of deployments) {
      const args = list.split(":").flatMap((file) => ["-f", file]);
      const all = ["compose", "--env-file", ".env.example", ...args, "config", "--quiet"];
      const env = { ...process.env, ...variables };
      expect(() =>
        execFileSync("docker", all, { cwd: folder, env, timeout: 20_000 }),
      ).not.toThrow();
    }
  });
  if (reason !== undefined) process.stderr.write(`docker compose is not asked: ${reason}\n`);
});

function whyNoCompose(): string | undefined {
  try {
    execFileSync("docker", ["compose", "version"], { stdio: "pipe", timeout: 5000 });
    return undefined;
  } catch {
    return "there is none here.";
  }
}

/** The routes that a proxy mounts. */
function readRoutes(proxy: Mapping): Mapping {
  const mount = listAt(proxy, "volumes")
    .map((one) => mappingAt(one))
    .find(({ target }) => target === "/etc/traefik/routes/engines");
  return parseRoutes(read("deploy", textAt(mount ?? {}, "source"), "routes.yml"));
}

function parseRoutes(text: string): Mapping {
  const value = parseAllDocuments(text)[0]?.toJS() as Value | undefined;
  return isMapping(value) ? value : {};
}
