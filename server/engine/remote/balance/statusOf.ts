import { addressOf } from "../../../network/endpointUrl.ts";
import type { EndpointStatus } from "../../../protocol/endpoints.ts";
import type { Member } from "./member.ts";

/** A member as people and programs are told of it. */
export function statusOf(member: Member): EndpointStatus {
  const { remote, counts, tokens, firstTokens, state, error, retryInMs, model } = member;
  const p50 = firstTokens.percentile(0.5);
  const p95 = firstTokens.percentile(0.95);
  return {
    name: remote.endpoint.name,
    url: addressOf(remote.endpoint.url),
    ...(remote.kind === undefined ? {} : { kind: remote.kind }),
    ...(model === undefined ? {} : { model: model.name || model.architecture }),
    state,
    ...(error === undefined ? {} : { error: error.toData() }),
    ...(retryInMs === undefined ? {} : { retryInMs: Math.round(retryInMs) }),
    ...counts,
    tokens: { ...tokens },
    ...(p50 === undefined || p95 === undefined ? {} : { firstTokenMs: { p50, p95 } }),
    limits: [...remote.limits],
  };
}
