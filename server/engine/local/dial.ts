import { connect, type Socket } from "node:net";
import { CodedError } from "../../protocol/errors.ts";
import {
  helloRequest,
  helloResultSchema,
  hostProtocolVersion,
  type HelloParams,
  type HelloResult,
  type RunFile,
} from "../../protocol/host.ts";
import type { Clock } from "../clock.ts";
import { createHostConnection, type HostConnection } from "./hostConnection.ts";

export type DialOutcome =
  | { readonly kind: "connected"; readonly connection: HostConnection; readonly hello: HelloResult }
  /** Nobody listens. */
  | { readonly kind: "absent" }
  /** Somebody listens and cannot serve: HOST_AUTH, HOST_VERSION, HOST_HUNG or HOST_DIED. */
  | { readonly kind: "unusable"; readonly error: CodedError };

export interface DialOptions {
  readonly client: HelloParams["client"];
  readonly clock: Clock;
  /** How long the host may take to answer `hello`. */
  readonly answerWithinMs: number;
  /** Speak an older protocol, as far as `hello` and asking the host to leave go. */
  readonly protocolVersion?: number;
}

/** Connects to the host that a run file names and says hello. Never rejects. */
export async function dial(runFile: RunFile, options: DialOptions): Promise<DialOutcome> {
  const { protocolVersion = hostProtocolVersion } = options;
  if (runFile.protocolVersion !== protocolVersion) {
    const detail = `It speaks ${runFile.protocolVersion}, this server ${protocolVersion}.`;
    return { kind: "unusable", error: new CodedError("HOST_VERSION", detail) };
  }
  const socket = await open(runFile.socketPath);
  if (socket === undefined) return { kind: "absent" };
  const connection = createHostConnection(socket, options.clock);
  const cancel = options.clock.after(options.answerWithinMs, () =>
    connection.end(new CodedError("HOST_HUNG", "It did not answer the first message.")),
  );
  const params: HelloParams = {
    protocolVersion,
    token: runFile.token,
    client: options.client,
  };
  const outcome = await connection.call(helloRequest, params, helloResultSchema);
  cancel();
  if (outcome.kind === "done") return { kind: "connected", connection, hello: outcome.value };
  const error = outcome.kind === "failed" ? outcome.error : new CodedError("HOST_DIED");
  connection.end(error);
  return { kind: "unusable", error };
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.on("error", () => resolve(undefined));
  });
}
