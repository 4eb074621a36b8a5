import { addressOf, parseEndpoint } from "../../network/endpointUrl.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Check, Finding } from "../check.ts";
import type { EndpointKind } from "../../protocol/endpoints.ts";
import type { EndpointDescribed, EndpointSeen, RemoteEndpoint } from "../endpoints/endpoint.ts";

/** The way to one remote engine, stage by stage. */
export function endpointCheck(endpoint: RemoteEndpoint, name: string): Check {
  return {
    name: `endpoint:${name}`,
    title: `Remote engine ${name}`,
    group: "network",
    why: "Each stage on the way to it can fail by itself.",
    timeoutMs: 40_000,
    async run({ facts, probeEndpoint, describeEndpoint }, signal) {
      const fromWorkspace = facts?.workspaceSettings?.includes("remote.endpoints") === true;
      if (facts?.trusted === false && fromWorkspace) {
        return {
          status: "skipped",
          message: "Not contacted: the workspace is not trusted and names remote engines.",
        };
      }
      if (parseEndpoint(endpoint.url) === undefined) {
        const { message } = new CodedError("ENDPOINT_INVALID", `${addressOf(endpoint.url)}.`);
        return { status: "failed", code: "ENDPOINT_INVALID", message };
      }
      const seen = await probeEndpoint(endpoint, signal);
      const described =
        seen.fault === undefined ? await describeEndpoint(endpoint, signal) : undefined;
      return findingOf(endpoint, seen, described);
    },
  };
}

const servers: Readonly<Record<EndpointKind, string>> = {
  "llama-server": "llama-server",
  vllm: "vLLM",
  tgi: "TGI",
  openai: "a server of OpenAI's completions",
};

function findingOf(
  { url }: RemoteEndpoint,
  seen: EndpointSeen,
  described: EndpointDescribed | undefined,
): Finding {
  const stages = seen.stages.map(({ name, ms, detail }) => {
    const what = detail === undefined ? "" : ` (${detail})`;
    return `${name} ${Math.round(ms)} ms${what}`;
  });
  const way = stages.length === 0 ? "" : ` ${stages.join(", ")}.`;
  if (seen.fault !== undefined) {
    const { code, message } = seen.fault;
    return { status: "failed", code, message: `${addressOf(url)}: ${message}${way}` };
  }
  if (described?.kind === "failed") {
    const { code, message } = described;
    return { status: "failed", code, message: `${addressOf(url)}: ${message}${way}` };
  }
  const [first] = seen.warnings;
  const what = described === undefined ? "" : ` ${factsOf(described, seen.models)}`;
  if (first === undefined) {
    const isLacking = described?.fillsMiddle === false;
    return {
      ...(isLacking ? { status: "warning", code: "MODEL_NOT_FIM" } : { status: "ok" }),
      message: `${addressOf(url)}:${what}${way}`,
    };
  }
  const all = seen.warnings.map(({ message }) => message).join(" ");
  return {
    status: "warning",
    message: `${addressOf(url)}: ${all}${what}${way}`,
    ...(first.code === undefined ? {} : { code: first.code }),
    ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
  };
}

/** What it is and what it can do. */
function factsOf(
  described: Extract<EndpointDescribed, { kind: "known" }>,
  served: readonly string[],
): string {
  const { server, model, fillsMiddle, limits } = described;
  const can = fillsMiddle ? "which fills in the middle" : "which does not fill in the middle";
  const all = served.length < 2 ? [] : [`It serves ${served.slice(0, 5).join(", ")}.`];
  return [`${servers[server]} with ${model}, ${can}.`, ...all, ...limits].join(" ");
}
