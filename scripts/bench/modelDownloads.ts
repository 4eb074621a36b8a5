/**
 * `npm run bench:models -- [--only download|resume] [--megabytes N] [--rounds N]`: how fast a model is
 * downloaded over loopback beside a plain copy through the same server, what memory it takes, and
 * what of it is read again when it goes on.
 */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { measureDownload } from "./downloads/download.ts";
import { measureResume } from "./downloads/resume.ts";
import { createDownloadBench } from "./downloads/place.ts";
import { machineLine } from "./machine.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    megabytes: { type: "string", default: "1024" },
    rounds: { type: "string", default: "3" },
  },
});
const print = (line: string) => console.log(line);
const bench = await createDownloadBench(Number(values.megabytes) * 1_000_000);
try {
  print(machineLine());
  if (values.only === undefined || values.only === "download") {
    await measureDownload(bench, Number(values.rounds), print);
  }
  if (values.only === undefined || values.only === "resume") await measureResume(bench, print);
} finally {
  await bench.stop();
  rmSync(bench.folder, { recursive: true, force: true });
}
