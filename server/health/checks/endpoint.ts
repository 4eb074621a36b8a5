import { addressOf, parseEndpoint } from "../../network/endpointUrl.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Check, Finding } from "../check.ts";
import type { EndpointSeen, RemoteEndpoint } from "../endpoints/endpoint.ts";

/** The way to one remote engine, stage by stage. */
export function endpointCheck(endpoint: RemoteEndpoint, name: string): Check {
  return {
    name: `endpoint:${name}`,
    title: `Remote engine ${name}`,
    group: "network",
    why: "Each stage on the way to it can fail by itself.",
    timeoutMs: 40_000,
    async run({ facts, probeEndpoint }, signal) {
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
      return findingOf(endpoint, await probeEndpoint(endpoint, signal));
    },
  };
}

function findingOf({ url }: RemoteEndpoint, seen: EndpointSeen): Finding {
  const stages = seen.stages.map(({ name, ms, detail }) => {
    const what = detail === undefined ? "" : ` (${detail})`;
    return `${name} ${Math.round(ms)} ms${what}`;
  });
  const way = stages.length === 0 ? "" : ` ${stages.join(", ")}.`;
  if (seen.fault !== undefined) {
    const { code, message } = seen.fault;
    return { status: "failed", code, message: `${addressOf(url)}: ${message}${way}` };
  }
  const [first] = seen.warnings;
  if (first === undefined) {
    const models = seen.models.slice(0, 5).join(", ");
    const what = models === "" ? "it answers" : `it serves ${models}`;
    return { status: "ok", message: `${addressOf(url)}: ${what}.${way}` };
  }
  const all = seen.warnings.map(({ message }) => message).join(" ");
  return {
    status: "warning",
    message: `${addressOf(url)}: ${all}${way}`,
    ...(first.code === undefined ? {} : { code: first.code }),
    ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
  };
}
