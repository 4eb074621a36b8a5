import { setTimeout as delay } from "node:timers/promises";
import { percentile } from "../percentile.ts";
import { residentMiB } from "../windows/processFigures.ts";
import { openTypingWindow } from "../windows/typing.ts";
import type { ServeProcess } from "./serveProcess.ts";

const keysASecond = 5;

/** Many clients that ask as fast as they may, while somebody types in an editor. */
export async function measureCrowd(
  home: string,
  api: ServeProcess,
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
  print: (line: string) => void,
): Promise<void> {
  const window = await openTypingWindow(home, "a");
  await window.type(20);
  const keys = Math.max(20, Math.floor(seconds * keysASecond * 0.8));
  const alone = percentile((await window.type(keys)).times, 0.95);
  const until = performance.now() + seconds * 1000;
  const statuses = new Map<string, number>();
  const times: number[] = [];
  const crowd = Array.from({ length: clients }, (_, index) =>
    ask(api, index, until, statuses, times),
  );
  const early = delay(Math.min(10_000, (seconds * 1000) / 3)).then(() => residentMiB(api.pid));
  const typed = window.type(keys);
  await Promise.all(crowd);
  const late = residentMiB(api.pid);
  const together = percentile((await typed).times, 0.95);
  const counts = [...statuses].sort().map(([name, count]) => `${name}: ${String(count)}`);
  print(
    `  ${clients} clients for ${seconds} s: ${counts.join(", ")} (bar: no 5xx but 503 with it)`,
  );
  print(
    `  answered: p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms`,
  );
  print(
    `  memory of the API: ${(await early).toFixed(0)} MiB early, ${late.toFixed(0)} MiB at the end`,
  );
  print(
    `  typing: p95 ${alone.toFixed(0)} ms alone, ${together.toFixed(0)} ms meanwhile, ` +
      `${(together / alone).toFixed(2)} of it (bar: 1.5)`,
  );
  await window.server.stop();
}

async function ask(
  api: ServeProcess,
  index: number,
  until: number,
  statuses: Map<string, number>,
  times: number[],
): Promise<void> {
  const prompt = `// ${String(index)}\nfunction add(first, second) {\n  return first`;
  while (performance.now() < until) {
    const started = performance.now();
    const { status, retryAfter } = await api
      .post("/complete", { prompt, max_tokens: 8 })
      .catch(() => ({ status: 0, retryAfter: null }));
    const name = retryAfter === null ? String(status) : `${String(status)} with Retry-After`;
    statuses.set(name, (statuses.get(name) ?? 0) + 1);
    if (status === 200) times.push(performance.now() - started);
    else
      await delay(Math.min(Number(retryAfter ?? 1) * 1000, Math.max(0, until - performance.now())));
  }
}
