/** Values of variables, as `.env` gives them. */
export type Variables = Readonly<Record<string, string>>;

/** The variables that a compose file names, and whether it can do without a value for them. */
export function variablesOf(text: string): readonly { name: string; required: boolean }[] {
  return [...text.matchAll(/(?<!\$)\$\{(\w+)(:[-?])?/g)].map(([, name = "", operator]) => ({
    name,
    required: operator !== ":-",
  }));
}

/** Puts values into a compose file's text as compose does. Throws where a required one is missing. */
export function interpolate(text: string, variables: Variables): string {
  return text.replaceAll(
    /\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (whole, name: string | undefined, operator: string | undefined, rest: string | undefined) => {
      if (whole === "$$" || name === undefined) return "$";
      const value = variables[name] ?? "";
      if (value !== "") return value;
      if (operator === "-") return rest ?? "";
      if (operator === "?") throw new Error(rest);
      return "";
    },
  );
}

/** What a `.env` file sets; `#NAME=…` counts where `commented` says so and nothing else sets it. */
export function readVariables(text: string, commented: boolean): Variables {
  const found: Record<string, string> = {};
  for (const [, hash, name, value] of text.matchAll(/^(#?)([A-Z]\w*)=(.*)$/gm)) {
    if (name === undefined || (hash === "#" && (!commented || name in found))) continue;
    found[name] = value ?? "";
  }
  return found;
}
