import type { ApiRecord } from "../server/protocol/api.ts";

/** A row of the list that the command for the API shows. */
export interface ApiRow {
  readonly label: string;
  readonly detail?: string;
  readonly does: "toggle" | "copyAddress" | "copyKey" | "rotateKey" | "copyExample" | "openDocs";
}

/** What can be done with the API as it is. */
export function apiRows({ serving, address = "" }: ApiRecord, enabled: boolean): readonly ApiRow[] {
  const toggle: ApiRow = enabled
    ? { label: "$(circle-slash) Turn Off", does: "toggle" }
    : {
        label: "$(plug) Turn On",
        detail: serving
          ? "It is served by another program of yours; this editor would take over."
          : `Serves at ${address}, on this machine only; each request needs a key.`,
        does: "toggle",
      };
  return [
    toggle,
    { label: "$(link) Copy Address", detail: address, does: "copyAddress" },
    { label: "$(key) Copy Key", does: "copyKey" },
    {
      label: "$(refresh) Make a New Key…",
      detail: "Programs that have the old one are refused.",
      does: "rotateKey",
    },
    { label: "$(terminal) Copy a curl Example", does: "copyExample" },
    { label: "$(book) Open the Guide", does: "openDocs" },
  ];
}

/** A request for a shell; the key stays in its file. */
export function apiExample({ address = "", keyFile }: ApiRecord): string {
  const file = keyFile.replaceAll("'", "'\\''");
  return [
    `curl ${address}/complete`,
    `-H "Authorization: Bearer $(cat '${file}')"`,
    `-H "Content-Type: application/json"`,
    `-d '{"prompt": "function add(a, b) {\\n  return ", "max_tokens": 32}'`,
  ].join(" \\\n  ");
}
