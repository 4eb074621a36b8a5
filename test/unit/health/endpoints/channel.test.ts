import { describe, expect, it, onTestFinished } from "vitest";
import { createCertificate, hasOpenssl } from "../../../support/certificates.ts";
import { freePort, healthy } from "../../../support/remoteEngine.ts";
import { engine, probe, proxy } from "./probing.ts";

describe("a proxy on the way", () => {
  it("that refuses is named", async () => {
    const { url } = await proxy(407);
    const { fault } = await probe(
      { url: "https://elsewhere.test/" },
      { environment: { HTTPS_PROXY: url } },
    );
    expect(fault?.code).toBe("ENDPOINT_PROXY");
    expect(fault?.message).toMatch(/HTTPS_PROXY.*407/);
  });

  it("that is not there is named", async () => {
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${await freePort()}` };
    const { fault } = await probe({ url: "https://elsewhere.test/" }, { environment });
    expect(fault?.code).toBe("ENDPOINT_PROXY");
  });

  it("whose address is none is named", async () => {
    const environment = { HTTPS_PROXY: "http=//proxy" };
    const { fault } = await probe({ url: "https://elsewhere.test/" }, { environment });
    expect(fault).toMatchObject({ code: "ENDPOINT_PROXY" });
  });

  it("is told user and password, which are not shown", async () => {
    const through = await proxy(403);
    const environment = { HTTPS_PROXY: through.url.replace("//", "//me:hidden@") };
    const seen = await probe({ url: "https://elsewhere.test/" }, { environment });
    const expected = `Basic ${Buffer.from("me:hidden").toString("base64")}`;
    expect(through.requests[0]?.forProxy).toBe(expected);
    expect(JSON.stringify(seen)).not.toContain("hidden");
  });

  it("is the editor's before the environment's, and is named so", async () => {
    const refusing = await proxy(403);
    const { fault } = await probe(
      { url: "https://elsewhere.test/" },
      {
        environment: { HTTPS_PROXY: "http://127.0.0.1:1" },
        network: { proxy: refusing.url.replace("//", "//me:hidden@") },
      },
    );
    expect(fault?.code).toBe("ENDPOINT_PROXY");
    expect(fault?.message).toMatch(/the editor's http\.proxy.*403/);
    expect(fault?.message).not.toContain("hidden");
  });

  it("leads to a plain engine by its whole address, as the engines go there", async () => {
    const { port, requests } = await engine();
    const through = await proxy();
    const seen = await probe(
      { url: `http://elsewhere.test:${port}` },
      { network: { proxy: through.url } },
    );
    expect(seen).toMatchObject({ models: ["some-coder"], warnings: [] });
    expect(through.requests.map(({ line }) => line)).toEqual([
      `GET http://elsewhere.test:${port}/health`,
      `GET http://elsewhere.test:${port}/v1/models`,
    ]);
    expect(requests).toHaveLength(2);
  });

  it("is left out for this machine", async () => {
    const { url } = await engine();
    const environment = { HTTP_PROXY: "http://127.0.0.1:1" };
    const network = { proxy: "http://127.0.0.1:1" };
    expect((await probe({ url }, { environment, network })).fault).toBeUndefined();
  });

  it.each([
    [{ NO_PROXY: "other, elsewhere.invalid" }, {}],
    [{}, { noProxy: [".invalid"] }],
  ])("is left out by %j and the editor's %j", async (environment, exceptions) => {
    const { fault } = await probe(
      { url: "http://elsewhere.invalid" },
      { environment, network: { proxy: "http://127.0.0.1:1", ...exceptions }, stageMs: 8000 },
    );
    expect(fault?.code).toBe("ENDPOINT_DNS");
  });
});

describe.skipIf(!hasOpenssl)("an encrypted way", () => {
  function certificate(traits: Parameters<typeof createCertificate>[0] = {}) {
    const made = createCertificate(traits);
    onTestFinished(made.remove);
    return made;
  }

  it.each<[string, Parameters<typeof createCertificate>[0], RegExp]>([
    ["of an unknown authority", {}, /authority that is not known here/],
    ["that has expired", { days: -1 }, /it has expired/],
  ])("ends at a certificate %s, and nothing is sent", async (_, traits, reason) => {
    const { url, requests } = await engine(healthy, certificate(traits));
    const environment = { KEY: "abc" };
    const { fault } = await probe({ url, keyVariable: "KEY" }, { environment, stageMs: 3000 });
    expect(fault?.code).toBe("ENDPOINT_TLS");
    expect(fault?.message).toMatch(reason);
    expect(requests).toEqual([]);
  });

  it("ends at a server that speaks plain HTTP", async () => {
    const { port } = await engine();
    const { fault } = await probe({ url: `https://localhost:${port}` }, { stageMs: 3000 });
    expect(fault?.code).toBe("ENDPOINT_TLS");
  });

  it("leads through a proxy to the certificate", async () => {
    const { port } = await engine(healthy, certificate());
    const through = await proxy();
    const { fault, stages } = await probe(
      { url: `https://elsewhere.test:${port}` },
      { environment: { HTTPS_PROXY: through.url }, stageMs: 3000 },
    );
    expect(through.requests[0]?.line).toBe(`CONNECT elsewhere.test:${port}`);
    expect(stages.map(({ name }) => name)).toContain("proxy");
    expect(fault?.code).toBe("ENDPOINT_TLS");
  });

  it("goes on past a certificate that the editor does not check, and warns of it", async () => {
    const { url } = await engine(healthy, certificate());
    const seen = await probe({ url }, { network: { strictSSL: false }, stageMs: 3000 });
    expect(seen.fault).toBeUndefined();
    expect(seen.models).toEqual(["some-coder"]);
    expect(seen.warnings).toMatchObject([
      { code: "ENDPOINT_TLS", message: expect.stringContaining("http.proxyStrictSSL") as string },
    ]);
  });

  it("trusts an authority that the environment names, as the engines do", async () => {
    const own = certificate();
    const { url } = await engine(healthy, own);
    const environment = { SSL_CERT_FILE: own.path };
    expect((await probe({ url }, { environment, stageMs: 3000 })).fault).toBeUndefined();
  });
});
