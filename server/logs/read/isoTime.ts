/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar; month from 1. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Two digits at a place; not a number where there are none. */
function two(bytes: Uint8Array, at: number): number {
  const high = (bytes[at] ?? 0) - 48;
  const low = (bytes[at + 1] ?? 0) - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : NaN;
}

/**
 * Milliseconds since 1970 of an ISO time in bytes; NaN when it is none. The form that loggers write
 * (`2026-01-02T03:04:05.678Z`) is read without making a string: this runs for each line of a log.
 */
export function readIsoTime(bytes: Buffer, from: number, to: number): number {
  if (to - from !== 24 || bytes[to - 1] !== 90)
    return Date.parse(bytes.toString("latin1", from, to));
  const year = two(bytes, from) * 100 + two(bytes, from + 2);
  const month = two(bytes, from + 5);
  const day = two(bytes, from + 8);
  const hour = two(bytes, from + 11);
  const minute = two(bytes, from + 14);
  const second = two(bytes, from + 17);
  const hundredths = two(bytes, from + 20);
  const thousandths = (bytes[from + 22] ?? 0) - 48;
  const isSeparated = bytes[from + 4] === 45 && bytes[from + 7] === 45 && bytes[from + 10] === 84;
  const isInRange =
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59;
  if (!isSeparated || !isInRange || !(second <= 59)) return NaN;
  const clock = ((hour * 60 + minute) * 60 + second) * 1000 + hundredths * 10 + thousandths;
  return daysFromCivil(year, month, day) * 86_400_000 + clock;
}
