import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditorNetwork } from "../../server/protocol/editorNetwork.ts";
import type { ErrorCode } from "../../server/protocol/errors.ts";
import { createCertificate, hasOpenssl } from "../support/certificates.ts";
import { factsWith, runDoctorProcess, type DoctorRun } from "../support/doctorRun.ts";
import { createProcessHome, type ProcessHome } from "../support/processHome.ts";
import { always, freePort, healthy, startEngine, startProxy } from "../support/remoteEngine.ts";

/** Found by nothing but its own setting, whatever the machine that tests run on has. */
const noProxy = { NO_PROXY: "", no_proxy: "", HTTP_PROXY: "", http_proxy: "", ALL_PROXY: "" };

describe("the doctor on remote engines", { timeout: 180_000 }, () => {
  let home: ProcessHome;
  const closers: (() => unknown)[] = [];
  beforeAll(() => {
    home = createProcessHome();
  });
  afterAll(async () => {
    for (const close of closers) await close();
    home.remove();
  });

  async function urlOf(...args: Parameters<typeof startEngine>): Promise<string> {
    const { url, close } = await startEngine(...args);
    closers.push(close);
    return url;
  }

  function examine(
    urls: Readonly<Record<string, string>>,
    env: Record<string, string> = {},
    keyVariable?: string,
    network?: EditorNetwork,
  ): Promise<DoctorRun> {
    const endpoints = Object.entries(urls).map(([name, url]) => ({
      ...{ name, url },
      ...(keyVariable === undefined ? {} : { keyVariable }),
    }));
    const more = network === undefined ? {} : { network };
    const facts = factsWith({ "remote.endpoints": endpoints }, more);
    return runDoctorProcess({ home: home.path, facts, env: { ...noProxy, ...env } });
  }

  async function hangingUrl(): Promise<string> {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => server.close());
    server.unref();
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("names each kind of fault by its code, one check an engine", async () => {
    const skewed = await urlOf((request, response) => {
      response.setHeader("date", new Date(Date.now() - 3_600_000).toUTCString());
      healthy(request, response);
    });
    const urls = {
      healthy: await urlOf(),
      refused: `http://127.0.0.1:${await freePort()}`,
      badName: "http://no-such-name.invalid",
      invalid: "http=//here",
      key: await urlOf(always(401)),
      path: await urlOf(always(404)),
      busy: await urlOf(always(429)),
      failed: await urlOf(always(500)),
      hanging: await hangingUrl(),
      skewed,
    };
    const { code, of } = await examine(urls);
    expect(code).toBe(1);
    const expected: Record<string, ErrorCode> = {
      refused: "ENDPOINT_UNREACHABLE",
      badName: "ENDPOINT_DNS",
      invalid: "ENDPOINT_INVALID",
      key: "ENDPOINT_AUTH",
      path: "ENDPOINT_NOT_FOUND",
      busy: "ENDPOINT_BUSY",
      failed: "ENDPOINT_FAILED",
      hanging: "TIMEOUT_ERROR",
    };
    for (const [name, wanted] of Object.entries(expected)) {
      expect(of(`endpoint:${name}`)).toMatchObject({ status: "failed", code: wanted });
      expect(of(`endpoint:${name}`).remedy).toMatch(/\S/);
    }
    expect(of("endpoint:skewed")).toMatchObject({ status: "warning", code: "CLOCK_SKEW" });
    expect(of("endpoint:healthy")).toMatchObject({ status: "ok" });
    expect(of("endpoint:healthy").message).toMatch(
      /OpenAI.*some-coder, which fills in the middle.*DNS \d+ ms.*TCP \d+ ms/,
    );
    expect(of("ports").message).toContain(`process ${process.pid}`);
    // What the remedy says of the address: corrected, it is reached, though it completes nothing.
    const repaired = await examine({ refused: urls.healthy });
    expect(repaired.of("endpoint:refused").status).toBe("ok");
  });

  it("takes the key from the variable that the setting names", async () => {
    const url = await urlOf((request, response) => {
      if (request.headers.authorization === "Bearer right") healthy(request, response);
      else response.writeHead(401).end();
    });
    const wrong = await examine(
      { engine: url },
      { STARCODER_TEST_KEY: "not-this-one" },
      "STARCODER_TEST_KEY",
    );
    expect(wrong.of("endpoint:engine")).toMatchObject({ status: "failed", code: "ENDPOINT_AUTH" });
    expect(JSON.stringify(wrong.report)).not.toContain("not-this-one");
    const right = await examine(
      { engine: url },
      { STARCODER_TEST_KEY: "right" },
      "STARCODER_TEST_KEY",
    );
    expect(right.of("endpoint:engine").status).toBe("ok");
  });

  it("names a proxy that refuses; the editor's own goes before it and leads on", async () => {
    const { port } = new URL(await urlOf());
    const [refusing, leading] = [await startProxy(403), await startProxy()];
    closers.push(refusing.close, leading.close);
    const urls = {
      engine: `http://elsewhere.test:${port}`,
      secure: "https://elsewhere.test",
      here: `http://localhost:${port}`,
    };
    const env = { http_proxy: "http://127.0.0.1:1", HTTPS_PROXY: refusing.url };
    const { of } = await examine(urls, env);
    expect(of("endpoint:engine")).toMatchObject({ status: "failed", code: "ENDPOINT_PROXY" });
    expect(of("endpoint:secure")).toMatchObject({ status: "failed", code: "ENDPOINT_PROXY" });
    expect(of("endpoint:here").status).toBe("ok");
    const byEditor = await examine({ engine: urls.engine }, env, "", { proxy: leading.url });
    expect(byEditor.of("endpoint:engine").status).toBe("ok");
    expect(leading.requests.map(({ line }) => line)).toContain(
      `POST http://elsewhere.test:${port}/v1/completions`,
    );
  });

  it.skipIf(!hasOpenssl)("names certificates; an authority that is added is trusted", async () => {
    const own = createCertificate();
    const expired = createCertificate({ days: -2 });
    const other = createCertificate({ name: "elsewhere.test" });
    closers.push(own.remove, expired.remove, other.remove);
    const urls = {
      unknown: await urlOf(healthy, own),
      expired: await urlOf(healthy, expired),
    };
    const { of } = await examine(urls);
    expect(of("endpoint:unknown")).toMatchObject({ status: "failed", code: "ENDPOINT_TLS" });
    expect(of("endpoint:unknown").message).toContain("authority that is not known");
    expect(of("endpoint:expired")).toMatchObject({ status: "failed", code: "ENDPOINT_TLS" });
    expect(of("endpoint:expired").message).toContain("has expired");
    const trusted = await examine(urls, { NODE_EXTRA_CA_CERTS: own.path });
    expect(trusted.of("endpoint:unknown").status).toBe("ok");
    expect(trusted.of("endpoint:unknown").message).toMatch(/TLS \d+ ms \(TLSv1\.[23]/);
    const named = await examine(
      { other: await urlOf(healthy, other) },
      { NODE_EXTRA_CA_CERTS: other.path },
    );
    expect(named.of("endpoint:other")).toMatchObject({ status: "failed", code: "ENDPOINT_TLS" });
    expect(named.of("endpoint:other").message).toContain("another name");
  });
});
