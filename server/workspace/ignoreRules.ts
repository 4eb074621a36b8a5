import { readFileSync } from "node:fs";
import path from "node:path";
import ignore, { type Ignore } from "ignore";

/** A project's ignore rules. */
export interface IgnoreRules {
  /** Whether a file (absolute path) is ignored. Files outside the root are not. */
  readonly isIgnored: (file: string) => boolean;
  /** Forgets what was read, after an ignore file changed. */
  readonly forget: () => void;
}

export interface IgnoreRulesOptions {
  /** Absolute path of the repository or of the workspace folder. */
  readonly root: string;
  /** Reads a file; undefined where there is none. */
  readonly read?: (file: string) => string | undefined;
}

/** Always ignored: what tools put there. */
const ALWAYS = [".git/", "node_modules/"];
const FILES = [".gitignore", ".starcoderignore"];

/**
 * Creates the rules of a root: `.gitignore` in it and in each folder down to the file, the nearer one winning,
 * and `.starcoderignore` in the same way, for what git keeps but a model shall not see.
 */
export function createIgnoreRules({ root, read = readIfThere }: IgnoreRulesOptions): IgnoreRules {
  const always = ignore().add(ALWAYS);
  const known = new Map<string, Ignore | undefined>();

  function rulesIn(folder: string): Ignore | undefined {
    if (known.has(folder)) return known.get(folder);
    const texts = FILES.map((name) => read(path.join(folder, name))).filter(
      (text) => text !== undefined,
    );
    const rules = texts.length === 0 ? undefined : ignore().add(texts.join("\n"));
    known.set(folder, rules);
    return rules;
  }

  return {
    isIgnored(file) {
      const relative = path.relative(root, file);
      if (relative === "" || relative.startsWith("..") || path.isAbsolute(relative)) return false;
      const parts = relative.split(path.sep);
      if (always.ignores(parts.join("/"))) return true;
      // A folder that is ignored cannot be entered, whatever rules lie in it.
      for (let end = 1; end <= parts.length; end++) {
        const isFolder = end < parts.length;
        if (isPartIgnored(parts.slice(0, end), isFolder)) return true;
      }
      return false;
    },
    forget: () => known.clear(),
  };

  /** The nearest rules that say anything about a path decide. */
  function isPartIgnored(parts: readonly string[], isFolder: boolean): boolean {
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const rules = rulesIn(path.join(root, ...parts.slice(0, depth)));
      if (rules === undefined) continue;
      const verdict = rules.test(parts.slice(depth).join("/") + (isFolder ? "/" : ""));
      if (verdict.ignored) return true;
      if (verdict.unignored) return false;
    }
    return false;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
