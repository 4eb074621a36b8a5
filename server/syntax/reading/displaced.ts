import type { Survey } from "./survey.ts";

/** A line at the margin that begins a declaration. */
const AT_MARGIN =
  /^(?:(?:export|default|declare|async|abstract|static|final|public|private|internal|pub|open|sealed)\s+)*(?:function|class|interface|enum|type|const|let|var|def|fn|func|impl|struct|trait|mod|module|namespace|import|from|package|use|using)\b/gm;

/** Offsets of the lines that begin a declaration of the file, by their looks. */
export function declarationLines(text: string): readonly number[] {
  return [...text.matchAll(AT_MARGIN)].map(({ index }) => index);
}

/**
 * Declarations at the margin that the parser took for a part of what stands before them: a bracket is open
 * there. Ascending offsets; empty where the text has no error.
 */
export function displacedDeclarations(survey: Survey): readonly number[] {
  if (survey.errors.length === 0) return [];
  const outermost = new Set<number>();
  for (const node of survey.nodes) {
    let around = node.parent;
    while (around !== undefined && survey.table.wrappers.has(around.type)) around = around.parent;
    if (node.parent !== undefined && around?.parent === undefined) outermost.add(node.start);
  }
  return declarationLines(survey.text).filter((offset) => !outermost.has(offset));
}
