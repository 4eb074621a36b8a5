import { formatBytes as bytesText } from "../../server/protocol/figures.ts";

/*
 * Figures as people read them. No locale: what is copied from a view reads the same everywhere.
 */

/** What stands where a figure is not known. */
export const unknownFigure = "–";

/** `1.4 GB`; a dash where it is not known. */
export function formatBytes(bytes: number | undefined): string {
  return bytes === undefined || !Number.isFinite(bytes) ? unknownFigure : bytesText(bytes);
}

/** `0.42 ms`, `12.3 ms`, `420 ms`, `1.2 s`, `3 min 20 s`. */
export function formatMs(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return unknownFigure;
  if (ms < 9.995) return `${trimZeros(ms.toFixed(2))} ms`;
  if (ms < 99.95) return `${trimZeros(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 59_950) return `${trimZeros((ms / 1000).toFixed(1))} s`;
  return formatDuration(ms / 1000);
}

/** Seconds as `45 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return unknownFigure;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(whole, 60, "min", "s");
  if (whole < 86_400) return two(Math.floor(whole / 60), 60, "h", "min");
  return two(Math.floor(whole / 3600), 24, "d", "h");
}

function two(value: number, base: number, large: string, small: string): string {
  const rest = value % base;
  const first = `${Math.floor(value / base)} ${large}`;
  return rest === 0 ? first : `${first} ${rest} ${small}`;
}

/** `950`, `12,400`, `1.25 M`. */
export function formatCount(count: number | undefined): string {
  if (count === undefined || !Number.isFinite(count)) return unknownFigure;
  if (Math.abs(count) >= 999_999.5) return shortCount(count);
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `950`, `12.4 k`, `1.25 M`, `3 B`: for axes and for the size of models. */
export function shortCount(count: number | undefined): string {
  if (count === undefined || !Number.isFinite(count)) return unknownFigure;
  const size = Math.abs(count);
  if (size < 999.5) return trimZeros(count.toFixed(size < 10 ? 1 : 0));
  const [divisor, unit] =
    size < 999_500 ? [1e3, "k"] : size < 999_500_000 ? [1e6, "M"] : [1e9, "B"];
  const value = count / divisor;
  return `${trimZeros(value.toFixed(Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0))} ${unit}`;
}

/** 0 to 1 as `42%`; below ten per cent with one digit. */
export function formatPercent(fraction: number | undefined): string {
  if (fraction === undefined || !Number.isFinite(fraction)) return unknownFigure;
  const percent = fraction * 100;
  return `${trimZeros(percent.toFixed(percent > 0 && percent < 9.95 ? 1 : 0))}%`;
}

/** Tokens a second: `310/s`. */
export function formatSpeed(perSecond: number | undefined): string {
  return perSecond === undefined ? unknownFigure : `${shortCount(perSecond)} tokens/s`;
}

/** `14:03:27` in the reader's time zone; `–` for what is no time. */
export function formatClock(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return unknownFigure;
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
}

/** `2026-11-24 14:03:27` in the reader's time zone. */
export function formatDateTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return unknownFigure;
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())];
  return `${day.join("-")} ${formatClock(iso)}`;
}

/** `just now`, `3 min ago`, `2 h ago`, then the date. A time in the future is told by its date. */
export function formatAgo(iso: string, nowMs: number): string {
  const seconds = (nowMs - new Date(iso).getTime()) / 1000;
  if (!Number.isFinite(seconds)) return unknownFigure;
  if (seconds < -60 || seconds >= 86_400) return formatDateTime(iso);
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function trimZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}
