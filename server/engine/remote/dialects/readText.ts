import type { Transport } from "../transport/transport.ts";
import type { StreamPlan } from "./dialect.ts";

/** Runs a request of a probe to its end; its text. Throws CodedErrors. */
export async function readText(
  transport: Transport,
  { path, body, read }: StreamPlan,
  signal: AbortSignal,
): Promise<string> {
  let text = "";
  await transport.events(
    {
      path,
      body,
      onEvent(data) {
        const items = read(data);
        for (const item of items) if (item.kind === "token") text += item.text;
        if (items.some(({ kind }) => kind === "end")) return "end";
        return items.some(({ kind }) => kind === "token") ? "token" : "waiting";
      },
    },
    signal,
  );
  return text;
}
