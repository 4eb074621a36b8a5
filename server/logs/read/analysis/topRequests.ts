import { logServices, type LogAnalysis } from "../../../protocol/logs.ts";
import { textOf, type RecordScan } from "../recordScan.ts";

type Request = LogAnalysis["slowest"][number];

/** Keeps the records with the largest values; the others cost one comparison. */
export class TopRequests {
  private readonly kept: { readonly value: number; readonly request: Request }[] = [];
  private readonly size: number;

  constructor(size = 20) {
    this.size = size;
  }

  add(value: number, scan: RecordScan, bytes: Buffer): void {
    const { kept } = this;
    if (kept.length === this.size && value <= (kept[kept.length - 1]?.value ?? 0)) return;
    if (kept.length === this.size) kept.pop();
    let at = kept.length;
    while (at > 0 && (kept[at - 1]?.value ?? 0) < value) at -= 1;
    kept.splice(at, 0, { value, request: toRequest(scan, bytes) });
  }

  /** Largest first. */
  list(): Request[] {
    return this.kept.map(({ request }) => request);
  }
}

function toRequest(scan: RecordScan, bytes: Buffer): Request {
  const { durationMs, tokensUsed, requestFrom, requestTo } = scan;
  return {
    ...(requestFrom < 0 ? {} : { requestId: textOf(bytes, requestFrom, requestTo) }),
    service: logServices[scan.service] ?? "server",
    time: new Date(scan.time).toISOString(),
    message: textOf(bytes, scan.messageFrom, scan.messageTo).slice(0, 200),
    ...(Number.isNaN(durationMs) ? {} : { durationMs }),
    ...(Number.isNaN(tokensUsed) ? {} : { tokensUsed }),
  };
}
