import { assigned, declares, parameter } from "./bindings.ts";
import type { LanguageTable, Place } from "./languageTable.ts";
import { unit } from "./parts.ts";
import { child, type PlainNode } from "./plainTree.ts";

/** `import a.b` declares `a`; the names after it are its members. */
function importedPath(at: PlainNode): Place {
  const path = at.parent;
  if (path?.type !== "dotted_name") return "other";
  const holder = path.parent;
  if (
    holder?.type === "aliased_import" ||
    holder?.type === "relative_import" ||
    path.field === "module_name"
  ) {
    return at.position === 0 ? "key" : "property";
  }
  if (holder?.type === "import_statement" || /^(future_)?import/.test(holder?.type ?? "")) {
    return at.position === 0 ? declares("import", "function") : "property";
  }
  if (holder?.type === "case_pattern" || holder?.type === "keyword_pattern") {
    return path.children.length === 1 ? assigned() : at.position === 0 ? "use" : "property";
  }
  return at.position === 0 ? "use" : "property";
}

/** Python. */
export const python: LanguageTable = {
  names: { identifier: "use" },
  places: {
    "call.function": "call",
    "attribute.attribute": "property",
    "keyword_argument.name": "key",
    keyword_pattern: (at) => (at.position === 0 ? "key" : "use"),
    dotted_name: importedPath,
    "aliased_import.alias": declares("import", "function"),
    "assignment.left": assigned(),
    "augmented_assignment.left": "write",
    "named_expression.name": assigned(),
    pattern_list: "inherit",
    tuple_pattern: "inherit",
    list_pattern: (at) => (at.type === "case_pattern" ? "use" : "inherit"),
    list_splat_pattern: "inherit",
    dictionary_splat_pattern: "inherit",
    tuple: "inherit",
    list: "inherit",
    as_pattern_target: assigned(),
    splat_pattern: assigned(),
    "for_statement.left": assigned(),
    "for_in_clause.left": declares("variable", "here", true),
    parameters: parameter,
    lambda_parameters: parameter,
    typed_parameter: parameter,
    "default_parameter.name": parameter,
    "typed_default_parameter.name": parameter,
    "function_definition.name": declares("function", "around"),
    "class_definition.name": declares("class"),
    global_statement: "outer",
    nonlocal_statement: "outer",
  },
  types: new Set(["type"]),
  imports: new Set(["import_statement", "import_from_statement", "future_import_statement"]),
  scopes: {
    function_definition: "function",
    lambda: "function",
    "class_definition.body": "class",
    list_comprehension: "block",
    set_comprehension: "block",
    dictionary_comprehension: "block",
    generator_expression: "block",
  },
  closedClasses: true,
  units: {
    function_definition: (node) => unit(isMethod(node) ? "method" : "function")(node),
    class_definition: unit("class"),
  },
  declarations: {
    assignment(node) {
      const name = child(node, "left");
      const whole = node.parent;
      if (name?.type !== "identifier" || whole?.type !== "expression_statement") return undefined;
      return { kind: "field", name, whole, code: node, body: undefined };
    },
    type_alias_statement: unit("field", "left"),
  },
  wrappers: new Set(["decorated_definition"]),
  blocks: new Set(["module", "block"]),
  operators: new Set([
    "binary_operator",
    "boolean_operator",
    "comparison_operator",
    "not_operator",
    "unary_operator",
    "augmented_assignment",
  ]),
  literals: {
    integer: "number",
    float: "number",
    true: "boolean",
    false: "boolean",
    none: "null",
    string: "string",
    concatenated_string: "string",
  },
  calls: { call: { callee: ["function"], arguments: "arguments" } },
  members: { attribute: { object: "object", property: "attribute" } },
  conditions: {
    if_statement: { of: "if", at: "condition" },
    elif_clause: { of: "if", at: "condition" },
    while_statement: { of: "while", at: "condition" },
    conditional_expression: { of: "ternary", at: 1 },
    if_clause: { of: "guard", at: 0 },
  },
  parentheses: new Set(["parenthesized_expression"]),
  awaits: new Set(["await"]),
  expressionStatements: new Set(["expression_statement"]),
  branches: new Set([
    ...["function_definition", "if_statement", "elif_clause", "else_clause", "case_clause"],
    ...["try_statement", "except_clause", "with_statement"],
  ]),
};

function isMethod(node: PlainNode): boolean {
  const definition = node.parent?.type === "decorated_definition" ? node.parent : node;
  return definition.parent?.parent?.type === "class_definition";
}
