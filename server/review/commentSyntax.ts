/** How a comment on a line of its own begins and ends, by language; `//` for the rest. */
const markers: Readonly<Record<string, readonly [string, string]>> = {
  ...same(
    "python ruby shellscript perl perl6 r elixir julia powershell coffeescript nim makefile dockerfile cmake tcl awk crystal gdscript graphql nix",
    ["#", ""],
  ),
  ...same("lua sql haskell ada vhdl elm applescript", ["--", ""]),
  ...same("clojure lisp scheme racket ahk", [";", ""]),
  ...same("erlang matlab prolog", ["%", ""]),
  ...same("fortran fortran-modern FortranFreeForm", ["!", ""]),
  ...same("vue svelte astro html xml", ["<!--", " -->"]),
  ...same("ocaml sml", ["(*", " *)"]),
  vb: ["'", ""],
  css: ["/*", " */"],
};

function same(languages: string, marker: readonly [string, string]) {
  return Object.fromEntries(languages.split(" ").map((language) => [language, marker]));
}

/** What stands before and after the words of a comment in a language. */
export function commentMarkers(languageId: string): readonly [before: string, after: string] {
  return (Object.hasOwn(markers, languageId) ? markers[languageId] : undefined) ?? ["//", ""];
}
