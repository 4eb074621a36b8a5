/** One case of a golden file. */
export interface GoldenCase {
  readonly title: string;
  readonly languageId: string;
  readonly trigger: "automatic" | "invoked";
  /** Log-probability of each scripted token. */
  readonly logProbability: number;
  readonly before: string;
  readonly after: string;
  readonly generated: string;
  readonly shown: string;
}

/**
 * Reads a golden file: cases that start with `=== TITLE`, options `key value` a line, then the sections
 * `--- code` (`|` is the cursor), `--- generated` and `--- shown`. Options: `language`, `trigger`,
 * `logProbability`, `crlf`. In sections `␠` stands for a space at a line's end and `⇥` for a tab.
 */
export function readGolden(text: string): GoldenCase[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const [head = "", ...sections] = block.split(/^--- /m);
      const [title = "", ...lines] = head.trimEnd().split("\n");
      const options = new Map(lines.map((line) => splitOnce(line, " ")));
      const crlf = options.has("crlf");
      const part = (name: string): string => {
        const section = sections.find((one) => one.startsWith(`${name}\n`));
        if (section === undefined) throw new Error(`"${title}" has no section ${name}`);
        const body = section
          .slice(name.length + 1)
          .replace(/\n+$/, "")
          .replaceAll("␠", " ")
          .replaceAll("⇥", "\t")
          .replaceAll("⏎", "");
        return crlf && name !== "generated" ? body.replaceAll("\n", "\r\n") : body;
      };
      const code = part("code");
      const cursor = code.indexOf("|");
      if (cursor < 0) throw new Error(`"${title}" has no cursor`);
      return {
        title,
        languageId: options.get("language") ?? "typescript",
        trigger: options.get("trigger") === "invoked" ? "invoked" : "automatic",
        logProbability: Number(options.get("logProbability") ?? -0.02),
        before: code.slice(0, cursor),
        after: code.slice(cursor + 1),
        generated: part("generated"),
        shown: part("shown"),
      };
    });
}

function splitOnce(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + separator.length)];
}

/** Splits a text as a code tokeniser roughly does: words with their space, punctuation, line breaks. */
export function scriptedTokens(text: string): string[] {
  return text.match(/ ?[\p{L}\p{N}_]+|\n[ \t]*|[ \t]+|[^\p{L}\p{N}_\s]+|\s/gu) ?? [];
}
