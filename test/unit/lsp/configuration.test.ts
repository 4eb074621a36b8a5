import type { Connection } from "vscode-languageserver/node";
import { describe, expect, it } from "vitest";
import { createConfiguration } from "../../../server/lsp/configuration.ts";

/** A client with these settings, and what the server made of them, in order. */
function client(values: Record<string, unknown>, initializationOptions: unknown = null) {
  const told: unknown[] = [];
  let registered: unknown;
  let change = (): void => undefined;
  const valueOf = (section: string): unknown => {
    const value = values[section] ?? null;
    if (value instanceof Error) throw value;
    return value;
  };
  const connection = {
    workspace: {
      async getConfiguration(asked: string | readonly { readonly section: string }[]) {
        await Promise.resolve();
        if (typeof asked === "string") return valueOf(asked);
        return asked.map(({ section }) => valueOf(section));
      },
    },
    client: {
      register: (_: unknown, options: unknown) => Promise.resolve((registered = options)),
    },
    onDidChangeConfiguration(listener: (params: { readonly settings: unknown }) => void) {
      change = () => listener({ settings: null });
    },
  } as unknown as Connection;
  const configuration = createConfiguration({
    connection,
    capabilities: {
      workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
    },
    initializationOptions,
    onSettings: ({ settings }) => told.push(settings["completion.maxLines"]),
    onNetwork: (network) => told.push(network),
  });
  return { configuration, told, registered: () => registered, change: () => change() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the editor's network settings", () => {
  it("come before the settings, at the start and with each change", async () => {
    const values: Record<string, unknown> = {
      starcoder: { completion: { maxLines: 3 } },
      "http.proxy": "http://proxy:1",
      "http.noProxy": null,
    };
    const { configuration, told, registered, change } = client(values);
    await configuration.begin();
    expect(told).toEqual([{ proxy: "http://proxy:1" }, 3]);
    expect(registered()).toMatchObject({
      section: [
        "starcoder",
        "http.proxy",
        "http.noProxy",
        "http.proxyStrictSSL",
        "http.proxySupport",
      ],
    });
    values["http.proxySupport"] = "off";
    change();
    await settled();
    expect(told.slice(2)).toEqual([undefined, 3]);
  });

  it.each([null, 7, { all: "of it" }, new Error("no such section")])(
    "are none where a client answers %s, which keeps no settings away",
    async (answer) => {
      const { configuration, told } = client({
        starcoder: { completion: { maxLines: 3 } },
        "http.proxy": answer,
      });
      await configuration.begin();
      expect(told).toEqual([undefined, 3]);
    },
  );

  it("are waited for before remote engines are asked, and not before a model is loaded", () => {
    const remote = { remote: { endpoints: [{ url: "https://engine" }] } };
    expect(client({}, remote).configuration.isInitialFinal).toBe(false);
    expect(client({}, { log: {} }).configuration.isInitialFinal).toBe(true);
  });
});
