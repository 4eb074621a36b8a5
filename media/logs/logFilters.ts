import { z } from "zod";
import {
  logLevelSchema,
  logServiceSchema,
  type LogFilter,
  type LogService,
} from "../../server/protocol/logs.ts";

/** Spans of time that can be chosen, and how far back they reach in minutes. */
export const spans = {
  all: { label: "All time", minutes: undefined },
  "5m": { label: "Last 5 min", minutes: 5 },
  "1h": { label: "Last hour", minutes: 60 },
  "1d": { label: "Last day", minutes: 24 * 60 },
  custom: { label: "Custom", minutes: undefined },
} as const;
export type Span = keyof typeof spans;
export const spanNames = Object.keys(spans) as readonly Span[];

/** The filter as the controls of the view show it, and as the view remembers it. */
export const viewFilterSchema = z.object({
  /** None: all. */
  services: z.array(logServiceSchema),
  level: logLevelSchema.exclude(["off"]),
  span: z.enum(["all", "5m", "1h", "1d", "custom"]),
  /** Of a custom span, as `datetime-local` fields have it, in the reader's time zone; may be empty. */
  since: z.string(),
  until: z.string(),
  text: z.string(),
  code: z.string(),
  requestId: z.string(),
});
export type ViewFilter = z.infer<typeof viewFilterSchema>;

export const everything: ViewFilter = {
  services: [],
  level: "debug",
  span: "all",
  since: "",
  until: "",
  text: "",
  code: "",
  requestId: "",
};

/** What the log reader is asked for. `debug` is every record, and restricts nothing. */
export function toLogFilter(filter: ViewFilter, nowMs: number): LogFilter {
  const { services, level, text, code, requestId } = filter;
  return {
    ...(services.length === 0 ? {} : { services }),
    ...(level === "debug" ? {} : { level }),
    ...timesOf(filter, nowMs),
    ...(text === "" ? {} : { text }),
    ...(code === "" ? {} : { code }),
    ...(requestId === "" ? {} : { requestId }),
  };
}

/** How the controls show a filter that another view asked for. */
export function fromLogFilter(filter: LogFilter): ViewFilter {
  const hasTimes = filter.since !== undefined || filter.until !== undefined;
  return {
    ...everything,
    services: filter.services ?? [],
    level: filter.level ?? "debug",
    ...(hasTimes
      ? { span: "custom", since: toField(filter.since), until: toField(filter.until) }
      : {}),
    text: filter.text ?? "",
    code: filter.code ?? "",
    requestId: filter.requestId ?? "",
  };
}

/** What is wrong with a custom span, as a sentence. */
export function spanProblem({ span, since, until }: ViewFilter): string | undefined {
  if (span !== "custom") return undefined;
  const from = Date.parse(since);
  const to = Date.parse(until);
  return from > to ? "The end lies before the beginning." : undefined;
}

/** One thing that restricts, and the filter without it. */
export interface FilterChip {
  readonly name: string;
  readonly value: string;
  readonly without: ViewFilter;
}

export function chipsOf(filter: ViewFilter): FilterChip[] {
  const { services, level, span, since, until, text, code, requestId } = filter;
  const without = (part: Partial<ViewFilter>): ViewFilter => ({ ...filter, ...part });
  const times = [
    ...(since === "" ? [] : [`from ${since.replace("T", " ")}`]),
    ...(until === "" ? [] : [`to ${until.replace("T", " ")}`]),
  ].join(" ");
  return [
    ...services.map((service) => ({
      name: "service",
      value: service,
      without: without({ services: services.filter((other) => other !== service) }),
    })),
    ...(level === "debug"
      ? []
      : [
          {
            name: "level",
            value: level === "error" ? "error" : `${level} and up`,
            without: without({ level: "debug" }),
          },
        ]),
    ...(span === "all" || (span === "custom" && times === "")
      ? []
      : [
          {
            name: "time",
            value: span === "custom" ? times : spans[span].label.toLowerCase(),
            without: without({ span: "all", since: "", until: "" }),
          },
        ]),
    ...(text === "" ? [] : [{ name: "text", value: text, without: without({ text: "" }) }]),
    ...(code === "" ? [] : [{ name: "code", value: code, without: without({ code: "" }) }]),
    ...(requestId === ""
      ? []
      : [{ name: "request", value: requestId, without: without({ requestId: "" }) }]),
  ];
}

/** Switches a service; all of them chosen is the same as none. */
export function toggleService(
  filter: ViewFilter,
  service: LogService,
  all: readonly LogService[],
): ViewFilter {
  const chosen = filter.services.includes(service)
    ? filter.services.filter((other) => other !== service)
    : all.filter((other) => other === service || filter.services.includes(other));
  return { ...filter, services: chosen.length === all.length ? [] : chosen };
}

function timesOf(
  { span, since, until }: ViewFilter,
  nowMs: number,
): Pick<LogFilter, "since" | "until"> {
  if (span === "custom") {
    const from = toIso(since);
    const to = toIso(until);
    return {
      ...(from === undefined ? {} : { since: from }),
      ...(to === undefined ? {} : { until: to }),
    };
  }
  const { minutes } = spans[span];
  return minutes === undefined ? {} : { since: new Date(nowMs - minutes * 60_000).toISOString() };
}

/** A field in the reader's time zone → ISO; what is no time restricts nothing. */
function toIso(field: string): string | undefined {
  const date = new Date(field);
  return field === "" || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** ISO → `2026-11-24T14:03:27` in the reader's time zone. */
function toField(iso: string | undefined): string {
  const date = new Date(iso ?? "");
  if (Number.isNaN(date.getTime())) return "";
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
