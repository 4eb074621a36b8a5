/**
 * Milliseconds that a `Retry-After` header asks for: seconds, or a date, which is read against the
 * server's own `Date` header where there is one, since its clock need not agree with ours. Undefined
 * where it says neither.
 * @param now milliseconds since the epoch
 */
export function retryAfterMs(
  value: string | undefined,
  now: number,
  serverDate?: string,
): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  if (Number.isNaN(date)) return undefined;
  const reference = Date.parse(serverDate ?? "");
  return Math.max(0, date - (Number.isNaN(reference) ? now : reference));
}
