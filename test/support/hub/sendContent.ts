import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { HubContent } from "./content.ts";
import type { HubFault } from "./faults.ts";

export const webPage = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n";

/** Answers a request for bytes, with the faults that befall it. Returns the bytes sent. */
export async function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  announced: HubContent,
  faults: readonly HubFault[],
): Promise<number> {
  const find = <Kind extends HubFault["kind"]>(kind: Kind) =>
    faults.find((fault): fault is Extract<HubFault, { kind: Kind }> => fault.kind === kind);
  if (answerWithout(response, faults)) return 0;
  const change = find("change");
  const content = change?.content ?? announced;
  const etag = `"${change?.keepEtag === true ? announced.sha256 : content.sha256}"`;
  const ifRange = request.headers["if-range"];
  const isRange = find("ignoreRange") === undefined && (ifRange === undefined || ifRange === etag);
  const asked = isRange ? rangeOf(request.headers.range, content.sizeBytes) : undefined;
  if (asked === "unsatisfiable") {
    response.writeHead(416, { "content-range": `bytes */${content.sizeBytes}` }).end();
    return 0;
  }
  const by = find("shiftRange")?.by ?? 0;
  const from = (asked?.from ?? 0) + by;
  const to = Math.min((asked?.to ?? content.sizeBytes) + by, content.sizeBytes);
  response.writeHead(asked === undefined ? 200 : 206, {
    "content-type": "binary/octet-stream",
    "content-length": to - from,
    "accept-ranges": "bytes",
    etag,
    ...(asked === undefined
      ? {}
      : { "content-range": `bytes ${from}-${to - 1}/${content.sizeBytes}` }),
  });
  if (request.method === "HEAD") {
    response.end();
    return 0;
  }
  const part = (percent: number | undefined): number =>
    percent === undefined ? Infinity : Math.floor(((to - from) * percent) / 100);
  return sendBody(response, content.read(from, to), {
    cutAt: part(find("cut")?.atPercent),
    stallAt: part(find("stall")?.atPercent),
    flipAt: part(find("flip")?.atPercent),
    bytesPerSecond: find("slow")?.bytesPerSecond ?? Infinity,
  });
}

/** Whether a fault is an answer of its own, which is then given. */
export function answerWithout(response: ServerResponse, faults: readonly HubFault[]): boolean {
  for (const fault of faults) {
    if (fault.kind === "silent") return true;
    if (fault.kind === "reset") response.destroy();
    else if (fault.kind === "redirect") response.writeHead(302, { location: fault.to }).end();
    else if (fault.kind === "html") {
      const headers = { "content-type": fault.contentType ?? "text/html; charset=utf-8" };
      response.writeHead(200, headers).end(webPage);
    } else if (fault.kind === "status") {
      response.writeHead(fault.status, {
        "content-type": "application/json",
        ...(fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) }),
        ...(fault.errorCode === undefined ? {} : { "x-error-code": fault.errorCode }),
      });
      response.end(fault.body ?? JSON.stringify({ error: `Status ${fault.status}.` }));
    } else continue;
    return true;
  }
  return false;
}

interface BodyFaults {
  readonly cutAt: number;
  readonly stallAt: number;
  readonly flipAt: number;
  readonly bytesPerSecond: number;
}

async function sendBody(
  response: ServerResponse,
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  { cutAt, stallAt, flipAt, bytesPerSecond }: BodyFaults,
): Promise<number> {
  const gone = new Promise<void>((resolve) => response.once("close", resolve));
  let sent = 0;
  try {
    for await (const whole of body) {
      let piece = whole.subarray(0, Math.max(0, Math.min(cutAt, stallAt) - sent));
      if (flipAt >= sent && flipAt < sent + piece.length) {
        piece = Buffer.from(piece);
        piece[flipAt - sent] = (piece[flipAt - sent] ?? 0) ^ 1;
      }
      for (let at = 0; at < piece.length;) {
        if (response.destroyed) return sent;
        const most = bytesPerSecond === Infinity ? piece.length : Math.ceil(bytesPerSecond / 20);
        const part = piece.subarray(at, at + most);
        const isTaken = response.write(part);
        at += part.length;
        sent += part.length;
        if (bytesPerSecond !== Infinity) await Promise.race([delay(50), gone]);
        else if (!isTaken) {
          await Promise.race([new Promise((resolve) => response.once("drain", resolve)), gone]);
        }
      }
      if (sent >= stallAt) return sent;
      if (sent >= cutAt) break;
    }
    if (sent >= cutAt) {
      // What was written must leave before the connection ends.
      await new Promise((resolve) => setImmediate(resolve));
      response.destroy();
    } else response.end();
  } finally {
    body.destroy();
  }
  return sent;
}

function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { readonly from: number; readonly to: number } | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const from = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const to = first === "" || last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  return from < to ? { from, to } : "unsatisfiable";
}
