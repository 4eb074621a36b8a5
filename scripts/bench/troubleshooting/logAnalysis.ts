import { rmSync } from "node:fs";
import { logAnalysisSchema } from "../../../server/protocol/logs.ts";
import { startReader } from "./readerProcess.ts";
import { writeLogs } from "./writeLogs.ts";

const megabyte = 1e6;
const barPerSecond = 50;

/** How fast logs are analysed in the log viewer's process. */
export async function benchLogAnalysis(
  print: (line: string) => void = console.log,
  bytes = 200 * megabyte,
): Promise<void> {
  const logs = writeLogs(bytes);
  const reader = startReader(logs.folder);
  try {
    await reader.request("files", {});
    const before = reader.processorMs();
    const start = performance.now();
    const analysis = logAnalysisSchema.parse(await reader.request("analyse", { filter: {} }));
    const seconds = (performance.now() - start) / 1000;
    if (analysis.records !== logs.records) throw new Error("Records were lost.");
    const perSecond = logs.bytes / megabyte / seconds;
    const after = reader.processorMs();
    const processor =
      before === undefined || after === undefined ? "" : `, ${after - before} ms of processor time`;
    const peak = reader.peakBytes();
    const memory = peak === undefined ? "" : `, ${(peak / megabyte).toFixed(0)} MB of memory`;
    print(
      `log analysis: ${perSecond.toFixed(0)} MB/s (bar: ${barPerSecond} MB/s)${processor}${memory}`,
    );
  } finally {
    await reader.stop();
    rmSync(logs.folder, { recursive: true, force: true });
  }
}
