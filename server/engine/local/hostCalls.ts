import { z } from "zod";
import {
  askAnswerSchema,
  askRequest,
  decideRequest,
  decideResultSchema,
  generateRequest,
  generateResultSchema,
  inspectRequest,
  inspectResultSchema,
  scoreRequest,
  scoreResultSchema,
  tokenizeRequest,
  tokenizeResultSchema,
  usageSchema,
  warmRequest,
  weighRequest,
  weighResultSchema,
  type GenerateResult,
} from "../../protocol/host.ts";
import type { ChatEngine, Engine, EngineOutcome } from "../engine.ts";
import type { Session } from "./session.ts";

/** Makes a call of the host that serves; with none, it settles at once as failed. */
export type UseHost = <Value>(
  call: (connection: Session["connection"]) => Promise<EngineOutcome<Value>>,
) => Promise<EngineOutcome<Value>>;

/** What is asked of a host, whichever it is. */
export interface HostCalls
  extends Pick<Engine, "generate" | "warm" | "score" | "weigh" | "tokenize">, ChatEngine {
  /**
   * Opens or closes the host's Node inspector, which closes by itself when this engine disconnects.
   * The address; null where it is closed.
   */
  inspect(on: boolean): Promise<EngineOutcome<string | null>>;
}

const warmResultSchema = z.object({ usage: usageSchema, finish: z.enum(["done", "cancelled"]) });

/** The requests of an engine, as calls over the connection to its host. */
export function createHostCalls(use: UseHost): HostCalls {
  let streams = 0;

  function streamId(name: string): string {
    streams += 1;
    return `${name}#${streams}`;
  }

  return {
    async generate(request, onToken, signal, onLateCost) {
      const id = streamId(request.requestId ?? "generate");
      const outcome = await use(async (connection) => {
        const stop = connection.onToken(id, ({ text, logProbability }) => {
          if (!signal.aborted) onToken({ text, logProbability });
        });
        const params = { ...request, id };
        const schema = generateResultSchema;
        const late = ({ usage }: GenerateResult): void => onLateCost?.(usage);
        const result = await connection.call(generateRequest, params, schema, signal, late);
        stop();
        return result;
      });
      if (outcome.kind !== "done") return outcome;
      const { finish, usage } = outcome.value;
      return signal.aborted || finish === "cancelled" ? { kind: "cancelled", usage } : outcome;
    },
    async warm(request, signal) {
      const outcome = await use((connection) =>
        connection.call(warmRequest, request, warmResultSchema, signal),
      );
      if (outcome.kind !== "done") return outcome;
      const { finish, usage } = outcome.value;
      return signal.aborted || finish === "cancelled"
        ? { kind: "cancelled", usage }
        : { kind: "done", value: usage };
    },
    score: (request, signal) =>
      use((connection) => connection.call(scoreRequest, request, scoreResultSchema, signal)),
    async weigh(request, onWeighed, signal) {
      const id = streamId(request.requestId ?? "weigh");
      const outcome = await use(async (connection) => {
        const stop = connection.onWeighed(id, ({ alternative, first, written, odds }) => {
          if (!signal.aborted) onWeighed({ alternative, first, written, odds });
        });
        const params = { ...request, id };
        const schema = weighResultSchema.nullable();
        const result = await connection.call(weighRequest, params, schema, signal);
        stop();
        return result;
      });
      if (outcome.kind !== "done") return outcome;
      if (outcome.value === null) return { kind: "cancelled" };
      if (signal.aborted) return { kind: "cancelled", usage: outcome.value.usage };
      return { kind: "done", value: outcome.value };
    },
    async ask(request, signal, onToken) {
      const schema = askAnswerSchema;
      const id = onToken && streamId(request.requestId ?? "ask");
      const outcome = await use(async (to) => {
        if (id === undefined) return await to.call(askRequest, request, schema, signal);
        const stop = to.onToken(id, ({ text, logProbability }) => {
          if (!signal.aborted) onToken?.({ text, logProbability });
        });
        const result = await to.call(askRequest, { ...request, id }, schema, signal);
        stop();
        return result;
      });
      const answered = unlessCancelled(outcome);
      if (answered.kind !== "done") return answered;
      const { text, finish, usage } = answered.value;
      return signal.aborted || finish === "cancelled"
        ? { kind: "cancelled", usage }
        : { kind: "done", value: { text, finish, usage } };
    },
    async decide(request, signal) {
      const schema = decideResultSchema.nullable();
      return unlessCancelled(await use((to) => to.call(decideRequest, request, schema, signal)));
    },
    async tokenize(texts) {
      const outcome = await use((connection) =>
        connection.call(tokenizeRequest, { texts: [...texts] }, tokenizeResultSchema),
      );
      return outcome.kind === "done" ? { kind: "done", value: outcome.value.tokens } : outcome;
    },
    async inspect(on) {
      const outcome = await use((to) => to.call(inspectRequest, { on }, inspectResultSchema));
      return outcome.kind === "done" ? { kind: "done", value: outcome.value.url } : outcome;
    },
  };
}

/** The host answers some requests with null when they were cancelled. */
function unlessCancelled<Value>(outcome: EngineOutcome<Value | null>): EngineOutcome<Value> {
  if (outcome.kind !== "done") return outcome;
  const { value } = outcome;
  return value === null ? { kind: "cancelled" } : { kind: "done", value };
}
