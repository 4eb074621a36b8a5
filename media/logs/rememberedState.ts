import { z } from "zod";
import type { LogsInitial } from "../../server/protocol/webview.ts";
import { everything, fromLogFilter, viewFilterSchema } from "./logFilters.ts";

/** What the view remembers while it is hidden or the window reloads. */
export const rememberedSchema = z.object({
  tab: z.enum(["records", "analysis"]),
  filter: viewFilterSchema,
});
export type Remembered = z.infer<typeof rememberedSchema>;

/** What to begin with: what was asked for, else what was left. */
export function beginWith(initial: LogsInitial, remembered: unknown): Remembered {
  const left = rememberedSchema.safeParse(remembered).data;
  return {
    tab: initial.tab,
    filter:
      initial.filter === undefined ? (left?.filter ?? everything) : fromLogFilter(initial.filter),
  };
}
