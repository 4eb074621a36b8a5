import type * as vscode from "vscode";
import {
  endpointKeysNotification,
  endpointKeysSchema,
  type EndpointKeys,
} from "../server/protocol/endpoints.ts";

/** The keys of remote engines: kept in the editor's secret storage, and told to the server. */
export interface EndpointKeyStore {
  /** Whether one is kept for the entry with this `url`. */
  has(url: string): Promise<boolean>;
  /** Keeps it, or with an empty one forgets it, and tells the server. */
  write(url: string, key: string): Promise<void>;
  /** For a server that has just come. */
  tell(): void;
  dispose(): void;
}

const secret = "starcoder.endpointKeys";

export interface EndpointKeyOptions {
  readonly secrets: Pick<vscode.SecretStorage, "get" | "store" | "delete"> & {
    onDidChange(listener: (event: { readonly key: string }) => void): { dispose(): unknown };
  };
  readonly send: (method: string, params: EndpointKeys) => void;
  readonly onError: (error: unknown) => void;
}

export function createEndpointKeys({
  secrets,
  send,
  onError,
}: EndpointKeyOptions): EndpointKeyStore {
  let told = "{}";

  async function read(): Promise<EndpointKeys["keys"]> {
    return parse(await secrets.get(secret));
  }

  function tell(isNew: boolean): void {
    read().then((keys) => {
      const text = JSON.stringify(keys);
      // A server that has just come has none.
      if (text === (isNew ? "{}" : told)) return;
      told = text;
      send(endpointKeysNotification.method, { keys });
    }, onError);
  }

  // Another window may have changed them.
  const subscription = secrets.onDidChange(({ key }) => {
    if (key === secret) tell(false);
  });
  return {
    has: async (url) => (await read())[url] !== undefined,
    async write(url, key) {
      const given = key.trim();
      const others = Object.entries(await read()).filter(([other]) => other !== url);
      const keys = Object.fromEntries(given === "" ? others : [...others, [url, given]]);
      if (Object.keys(keys).length === 0) await secrets.delete(secret);
      else await secrets.store(secret, JSON.stringify(keys));
      tell(false);
    },
    tell: () => tell(true),
    dispose: () => void subscription.dispose(),
  };
}

/** What is no record of keys was not written by us, and holds none. */
function parse(text: string | undefined): EndpointKeys["keys"] {
  if (text === undefined) return {};
  try {
    return endpointKeysSchema.parse({ keys: JSON.parse(text) as unknown }).keys;
  } catch {
    return {};
  }
}

/** Why this is no key, as a sentence; undefined: it may be one. */
export function keyProblem(text: string): string | undefined {
  // It goes into a header: what is no printable ASCII was pasted by mistake.
  return /^[\x21-\x7e]*$/.test(text.trim())
    ? undefined
    : "A key has no spaces and no special characters.";
}
