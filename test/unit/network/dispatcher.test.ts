import { afterEach, describe, expect, it } from "vitest";
import { request } from "undici";
import { createDispatcher } from "../../../server/network/dispatcher.ts";
import type { EditorNetwork } from "../../../server/protocol/editorNetwork.ts";
import { createCertificate, hasOpenssl } from "../../support/certificates.ts";
import { startEngine, startProxy } from "../../support/remoteEngine.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Asks by the network settings that `use` has put in force. */
function asking() {
  let network: EditorNetwork | undefined;
  const dispatcher = createDispatcher({ env: {}, network: () => network });
  closers.push(() => dispatcher.destroy());
  const ask = async (url: string): Promise<string> => {
    const answer = await request(url, { dispatcher });
    return answer.body.text();
  };
  return {
    use: (next: EditorNetwork | undefined) => void (network = next),
    ask,
  };
}

async function closing<Server extends { close: () => unknown }>(server: Promise<Server>) {
  const started = await server;
  closers.push(() => started.close());
  return started;
}

describe("requests while the editor's network settings change", () => {
  it("go by those in force at each one; what runs ends on its own way", async () => {
    let answer = (): void => undefined;
    let begun = (): void => undefined;
    const begins = new Promise<void>((resolve) => (begun = resolve));
    const { port } = await closing(
      startEngine((incoming, response) => {
        if (incoming.url !== "/slow") response.end("fast");
        else {
          answer = () => response.end("slow");
          begun();
        }
      }),
    );
    const [first, second] = [await closing(startProxy()), await closing(startProxy())];
    const { use, ask } = asking();
    const url = `http://engine.test:${port}`;
    use({ proxy: first.url });
    const slow = ask(`${url}/slow`);
    await begins;
    use({ proxy: second.url });
    expect(await ask(url)).toBe("fast");
    answer();
    expect(await slow).toBe("slow");
    expect(first.requests).toHaveLength(1);
    expect(second.requests.map(({ line }) => line)).toEqual([`GET ${url}/`]);
  });

  it.runIf(hasOpenssl)("check certificates again once they shall be", async () => {
    const certificate = createCertificate({ name: "engine.test" });
    const { port } = await closing(startEngine((_, response) => response.end("in"), certificate));
    const proxy = await closing(startProxy());
    const { use, ask } = asking();
    const url = `https://engine.test:${port}`;
    use({ proxy: proxy.url, strictSSL: false });
    expect(await ask(url)).toBe("in");
    expect(proxy.requests[0]?.line).toBe(`CONNECT engine.test:${port}`);
    use({ proxy: proxy.url });
    await expect(ask(url)).rejects.toThrow(/certificate/);
    certificate.remove();
  });
});
