import { declares } from "./bindings.ts";
import type { Binding, Parts, Place } from "./languageTable.ts";
import { soleOf } from "./parts.ts";
import { child, hasToken, type PlainNode } from "./plainTree.ts";

/** Functions that are values. */
export const FUNCTIONS = new Set(["arrow_function", "function_expression", "generator_function"]);
/** Statements that declare variables. */
export const DECLARATION = new Set(["lexical_declaration", "variable_declaration"]);

/** What a declarator declares, by the keyword before it. */
export function variable(keyword: PlainNode): Binding {
  if (hasToken(keyword, "const")) return declares("constant");
  if (hasToken(keyword, "let") || keyword.type === "lexical_declaration")
    return declares("variable");
  return declares("variable", "function", true);
}

/** The name of an import; one of a type stands for no value. */
export function imported(at: PlainNode): Place {
  for (let node = at.parent; node !== undefined; node = node.parent) {
    if (hasToken(node, "type")) return "declaration";
    if (node.type === "import_statement") break;
  }
  return declares("import", "function", true);
}

/** A function that a name is given to: by a declarator, an assignment or an object's key. */
export function namedFunction(node: PlainNode): Parts | undefined {
  const { parent } = node;
  if (parent === undefined || (node.field !== "value" && node.field !== "right")) return undefined;
  const parts = (name: PlainNode | undefined, whole: PlainNode): Parts => ({
    kind: "function",
    name,
    whole,
    code: node,
    body: child(node, "body"),
  });
  if (parent.type === "variable_declarator") {
    return parts(child(parent, "name"), soleOf(parent, DECLARATION));
  }
  if (parent.type === "pair") return parts(child(parent, "key"), parent);
  if (parent.type === "export_statement") return parts(child(node, "name"), parent);
  if (parent.type !== "assignment_expression") return undefined;
  const left = child(parent, "left");
  const statement = parent.parent?.type === "expression_statement" ? parent.parent : parent;
  return parts(child(left, "property") ?? left, statement);
}

/** A variable that holds no function. */
export function variableDeclaration(node: PlainNode): Parts | undefined {
  const name = child(node, "name");
  if (name?.type !== "identifier" || FUNCTIONS.has(child(node, "value")?.type ?? "")) {
    return undefined;
  }
  const whole = soleOf(node, DECLARATION);
  return { kind: "field", name, whole, code: node, body: undefined };
}

const REQUIRE = /^(?:const|let|var)\s+[^=]+=\s*require\(\s*["'`][^"'`]*["'`]\s*\)\S*;?$/;

/** Whether a declaration does nothing but `require`, at the top of the file. */
export function isRequire(node: PlainNode, text: string): boolean {
  return node.parent?.parent === undefined && REQUIRE.test(text.slice(node.start, node.end));
}
