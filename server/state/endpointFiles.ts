import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { endpointReportSchema, type EndpointReport } from "../protocol/endpoints.ts";
import { readJson, writeJson } from "./jsonFile.ts";
import { makeFolder } from "./makeFolder.ts";
import { processStart } from "./processStart.ts";
import { livingFiles } from "./serverFiles.ts";

/*
 * What each server of a home knows of its remote engines: `run/endpoints/PID.json`, mode 0600. It
 * holds addresses without user and password, states and counts; no key.
 */

const schema = endpointReportSchema.extend({ processStart: z.string() });

/** As many endpoints as anyone has. */
const longestFile = 1024 * 1024;

function folderOf(homePath: string): string {
  return join(homePath, "run", "endpoints");
}

/** Tells the other programs of the home; a home that cannot be written costs only that. */
export function writeEndpointReport(homePath: string, report: EndpointReport): void {
  const folder = folderOf(homePath);
  try {
    makeFolder(folder);
    const start = processStart(report.pid) ?? "";
    writeJson(join(folder, `${String(report.pid)}.json`), { ...report, processStart: start });
  } catch {
    // Said by whatever else writes the home.
  }
}

/** Takes that back. */
export function removeEndpointReport(homePath: string, pid: number): void {
  rmSync(join(folderOf(homePath), `${String(pid)}.json`), { force: true });
}

/** What the servers that live have told, by their process ids; files of others are removed. */
export function listEndpointReports(homePath: string): EndpointReport[] {
  return livingFiles(folderOf(homePath), (path) => readJson(path, schema, longestFile))
    .map(({ pid, name, time, endpoints }) => ({ pid, name, time, endpoints }))
    .sort((a, b) => a.pid - b.pid);
}
