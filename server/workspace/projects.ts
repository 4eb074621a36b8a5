import path from "node:path";
import { fileOf } from "./fileOf.ts";
import { createGitRoots } from "./gitRoot.ts";
import { createIgnoreRules, type IgnoreRules } from "./ignoreRules.ts";

/** What is known of the repositories that documents lie in. Documents without a file lie in none. */
export interface Projects {
  /** Whether the repository's ignore rules name the document. */
  isIgnored(uri: string): boolean;
  /** The repository folder's name, or undefined outside of one. */
  nameOf(uri: string): string | undefined;
  /** Forgets what was read, after an ignore file or a repository changed. */
  forget(): void;
}

/** Creates the view; reads the disk when first asked about a folder, and remembers. */
export function createProjects(): Projects {
  const roots = createGitRoots();
  const rulesByRoot = new Map<string, IgnoreRules>();

  function rulesOf(root: string): IgnoreRules {
    const rules = rulesByRoot.get(root) ?? createIgnoreRules({ root });
    rulesByRoot.set(root, rules);
    return rules;
  }

  return {
    isIgnored(uri) {
      const file = fileOf(uri);
      const root = file === undefined ? undefined : roots.rootOf(path.dirname(file));
      return file !== undefined && root !== undefined && rulesOf(root).isIgnored(file);
    },
    nameOf(uri) {
      const file = fileOf(uri);
      const root = file === undefined ? undefined : roots.rootOf(path.dirname(file));
      return root === undefined ? undefined : path.basename(root);
    },
    forget() {
      roots.forget();
      rulesByRoot.clear();
    },
  };
}
