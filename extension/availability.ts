import { isLanguageEnabled, type Settings } from "../server/protocol/settings.ts";

/** Whether automatic suggestions are shown in a document, and if not, why. */
export type Availability =
  | { readonly kind: "on" }
  | { readonly kind: "off"; readonly why: "disabled" | "language" | "snoozed" };

/**
 * The reason that the user can undo most widely comes first. `languageId` is undefined where no
 * text editor has the focus.
 */
export function availabilityOf(
  settings: Settings,
  languageId: string | undefined,
  snoozed: boolean,
): Availability {
  if (!settings.enabled) {
    return { kind: "off", why: "disabled" };
  }
  if (snoozed) {
    return { kind: "off", why: "snoozed" };
  }
  if (languageId !== undefined && !isLanguageEnabled(settings, languageId)) {
    return { kind: "off", why: "language" };
  }
  return { kind: "on" };
}
