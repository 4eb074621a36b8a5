/**
 * The loopback API: `npm run bench:api`. What it adds to a call of the engine, and how it and typing
 * fare under many clients. `-- --seconds N --clients N`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stopHosts } from "../stopHosts.ts";
import { measureCrowd } from "./api/crowd.ts";
import { measureOverhead } from "./api/overhead.ts";
import { startServe } from "./api/serveProcess.ts";
import { machineLine } from "./machine.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string" }, clients: { type: "string" }, port: { type: "string" } },
});
const seconds = Number(values.seconds ?? 60);
const clients = Number(values.clients ?? 200);
const print = (line: string): void => {
  console.log(line);
};

console.log(machineLine());
const home = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
try {
  const api = await startServe(home, Number(values.port ?? 39_745));
  try {
    await measureOverhead(home, api, print);
    await measureCrowd(home, api, { clients, seconds }, print);
  } finally {
    await api.stop();
  }
} finally {
  await stopHosts(home);
  rmSync(home, { recursive: true, force: true });
}
