import type { Node } from "@vscode/tree-sitter-wasm";

/** Children that the grammar names, without holes. */
export function childrenOf(node: Node): Node[] {
  return node.namedChildren.filter((child): child is Node => child !== null);
}

/** Whether a node is what its parent keeps under a field's name. */
export function isField(node: Node, name: string): boolean {
  return node.parent?.childForFieldName(name)?.id === node.id;
}

const patterns = new Set([
  "identifier",
  "pattern_list",
  "tuple_pattern",
  "list_pattern",
  "list_splat_pattern",
  "dictionary_splat_pattern",
  "default_parameter",
  "typed_parameter",
  "typed_default_parameter",
  "as_pattern_target",
]);

function namesOf(pattern: Node | null): string[] {
  if (pattern === null || !patterns.has(pattern.type)) return [];
  if (pattern.type === "identifier") return [pattern.text];
  const name = pattern.childForFieldName("name");
  if (name !== null) return namesOf(name);
  const children = childrenOf(pattern);
  return pattern.type === "typed_parameter"
    ? namesOf(children[0] ?? null)
    : children.flatMap(namesOf);
}

function boundIn(node: Node, before: number): string[] {
  if (node.startIndex >= before) return [];
  const names: string[] = [];
  const target = ["assignment", "for_statement", "for_in_clause"].includes(node.type)
    ? node.childForFieldName("left")
    : node.childForFieldName("alias");
  const bindsAtEnd = node.type === "assignment" || node.type === "as_pattern";
  const isBound = bindsAtEnd ? node.endIndex <= before : (target?.endIndex ?? before) <= before;
  if (isBound) names.push(...namesOf(target));
  for (const child of childrenOf(node)) {
    const isOwnScope = ["function_definition", "class_definition", "lambda"].includes(child.type);
    // A comprehension's names end with it.
    const isPast = child.type.endsWith("_comprehension") && child.endIndex <= before;
    if (!isOwnScope && !isPast && child.type !== "generator_expression") {
      names.push(...boundIn(child, before));
    }
  }
  return names;
}

/** Parameters and variables of the functions around a node that are bound before it. */
export function localsAt(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (let scope = node.parent; scope !== null; scope = scope.parent) {
    if (scope.type === "lambda") {
      const parameters = scope.childForFieldName("parameters");
      for (const each of parameters === null ? [] : childrenOf(parameters)) {
        for (const name of namesOf(each)) names.add(name);
      }
    }
    if (scope.type !== "function_definition") continue;
    const parameters = scope.childForFieldName("parameters");
    const body = scope.childForFieldName("body");
    const isInBody = body !== null && body.startIndex <= node.startIndex;
    if (!isInBody) continue;
    for (const each of parameters === null ? [] : childrenOf(parameters)) {
      for (const name of namesOf(each)) names.add(name);
    }
    for (const name of boundIn(body, node.startIndex)) names.add(name);
  }
  return names;
}

const reading = new Set([
  "call",
  "argument_list",
  "binary_operator",
  "boolean_operator",
  "comparison_operator",
  "not_operator",
  "unary_operator",
  "return_statement",
  "conditional_expression",
  "if_statement",
  "elif_clause",
  "while_statement",
  "parenthesized_expression",
  "await",
  "yield",
  "list",
  "tuple",
  "set",
  "pair",
  "subscript",
  "expression_list",
  "interpolation",
  "if_clause",
  "raise_statement",
  "assert_statement",
  "list_splat",
  "dictionary_splat",
]);

/** Whether an identifier stands for a value that is read there. */
export function isRead(node: Node): boolean {
  const parent = node.parent;
  if (parent === null) return false;
  switch (parent.type) {
    case "attribute":
      return isField(node, "object");
    case "assignment":
    case "augmented_assignment":
    case "for_statement":
    case "for_in_clause":
      return isField(node, "right");
    case "keyword_argument":
    case "default_parameter":
    case "typed_default_parameter":
      return isField(node, "value");
    case "subscript":
      return !isDeleted(parent);
    default:
      return reading.has(parent.type) && !isDeleted(node);
  }
}

/** Whether an expression is assigned to or deleted rather than read. */
export function isWritten(node: Node): boolean {
  const parent = node.parent;
  if (parent === null) return false;
  if (
    ["assignment", "augmented_assignment", "for_statement", "for_in_clause"].includes(parent.type)
  ) {
    return isField(node, "left");
  }
  const isPart = ["pattern_list", "tuple_pattern", "list_pattern"].includes(parent.type);
  return isPart || isDeleted(node);
}

function isDeleted(node: Node): boolean {
  const parent = node.parent;
  if (parent?.type === "delete_statement") return true;
  return parent?.type === "expression_list" && parent.parent?.type === "delete_statement";
}
