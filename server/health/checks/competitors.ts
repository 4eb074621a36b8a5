import { listOf } from "./listOf.ts";
import { ofEditor } from "./ofEditor.ts";

/** Other extensions that make inline suggestions. */
export const competitorsCheck = ofEditor(
  {
    name: "competitors",
    title: "Other completion extensions",
    why: "The editor shows the suggestions of one extension at a time, and waits for all of them.",
  },
  ({ completionExtensions }) => {
    if (completionExtensions.length === 0) return { status: "ok", message: "None is known." };
    const names = completionExtensions.map(
      ({ name, id, active }) => `${name} (${id}${active ? "" : ", not active"})`,
    );
    return {
      status: completionExtensions.some(({ active }) => active) ? "warning" : "ok",
      message: `${listOf(names)}.`,
      ...(completionExtensions.some(({ active }) => active)
        ? { code: "EXTENSION_CONFLICT" as const }
        : {}),
    };
  },
);
