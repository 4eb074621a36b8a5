import type { Binding } from "./languageTable.ts";

/** Declares a parameter of the innermost function. */
export const parameter: Binding = {
  role: "parameter",
  kind: "parameter",
  hoisted: false,
  scope: "here",
};

/** Declares a name. */
export function declares(
  kind: Binding["kind"],
  scope: Binding["scope"] = "here",
  hoisted = false,
): Binding {
  return { role: "declaration", kind, hoisted, scope };
}

/** Declares a variable where the scope does not know it yet, else writes to it. */
export function assigned(scope: Binding["scope"] = "function"): Binding {
  return { role: "assignment", kind: "variable", hoisted: false, scope };
}
