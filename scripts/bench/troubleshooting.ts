/**
 * What troubleshooting costs: `npm run bench:troubleshooting`. `-- --only doctor` leaves the rest
 * out; there are: logging, viewer, analysis, doctor, health.
 */
import { parseArgs } from "node:util";
import { machineLine } from "./machine.ts";

const { values } = parseArgs({ options: { only: { type: "string" } } });

/** Each part is loaded when it is measured: what one needs takes nothing from another. */
const parts: Readonly<Record<string, () => Promise<void>>> = {
  logging: async () => (await import("./troubleshooting/logging.ts")).benchLogging(),
  viewer: async () => (await import("./troubleshooting/logViewer.ts")).benchLogViewer(),
  analysis: async () => (await import("./troubleshooting/logAnalysis.ts")).benchLogAnalysis(),
  doctor: async () => (await import("./troubleshooting/doctor.ts")).benchDoctor(),
  health: async () => (await import("./troubleshooting/healthPanel.ts")).benchHealthPanel(),
};

console.log(machineLine());
if (values.only !== undefined && parts[values.only] === undefined) {
  console.error(`No part ${values.only}; there are: ${Object.keys(parts).join(", ")}`);
  process.exitCode = 2;
}
for (const [name, measure] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.log(`${name}:`);
  await measure();
}
