import { readFileSync } from "node:fs";

/** Resident memory of a process in MiB; what it shares counts in full. Linux only. */
export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

/** Processor time that a process has used so far, in milliseconds. Linux only. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // User and system time, in ticks of 10 ms.
  return 10 * (Number(fields[11]) + Number(fields[12]));
}
