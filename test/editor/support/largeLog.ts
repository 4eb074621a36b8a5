/** A log of about this size, of this hour, and how many of its lines hold `out of memory 77`. */
export function largeLog(bytes: number): { readonly text: string; readonly errors: number } {
  const services = ["server", "completion", "review"] as const;
  const begin = Date.now() - 30 * 60_000;
  const lines: string[] = [];
  let size = 0;
  let errors = 0;
  for (let number = 0; size < bytes; number += 1) {
    const isError = number % 997 === 0;
    const minute = number % 100;
    if (isError && minute === 77) errors += 1;
    const record = {
      time: new Date(begin + number * 10).toISOString(),
      level: isError ? "error" : number % 41 === 0 ? "warn" : "info",
      service: services[number % services.length],
      message: isError ? `out of memory ${minute}` : "suggested",
      pid: 77777,
      ...(isError ? { code: "MEMORY_ERROR" } : {}),
      requestId: `large-${Math.floor(number / 3).toString(36)}`,
      durationMs: (number * 7919) % 900,
      tokensUsed: (number * 104_729) % 700,
    };
    const line = `${JSON.stringify(record)}\n`;
    size += line.length;
    lines.push(line);
  }
  return { text: lines.join(""), errors };
}
