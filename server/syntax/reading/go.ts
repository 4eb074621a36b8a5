import { assigned, declares, parameter } from "./bindings.ts";
import type { LanguageTable, Place } from "./languageTable.ts";
import { declaration, soleOf, unitWithBody } from "./parts.ts";
import { child, hasToken, namedChildren, type PlainNode } from "./plainTree.ts";

/** Keys of a map are values, those of a struct are its fields. */
function literalKey(at: PlainNode): Place {
  const literal = at.parent?.parent?.parent;
  return child(literal, "type")?.type === "map_type" ? "use" : "key";
}

/** `for a := range` declares, `for a = range` writes. */
function rangeName(at: PlainNode): Place {
  return at.parent !== undefined && hasToken(at.parent, ":=") ? declares("variable") : "write";
}

const SPECS = new Set(["const_declaration", "var_declaration", "type_declaration"]);

function spec(node: PlainNode): ReturnType<ReturnType<typeof declaration>> {
  const parts = declaration()(node);
  return parts === undefined ? undefined : { ...parts, whole: soleOf(node, SPECS) };
}

/** Go. */
export const go: LanguageTable = {
  names: {
    identifier: "use",
    field_identifier: "property",
    type_identifier: "type",
    package_identifier: "other",
    label_name: "other",
  },
  places: {
    "call_expression.function": "call",
    "import_spec.name": declares("import", "function"),
    "const_spec.name": declares("constant"),
    "var_spec.name": declares("variable"),
    "short_var_declaration.left": assigned("here"),
    "receive_statement.left": assigned("here"),
    "range_clause.left": rangeName,
    "type_switch_statement.alias": declares("variable"),
    "assignment_statement.left": "write",
    inc_statement: "write",
    dec_statement: "write",
    expression_list: "inherit",
    "parameter_declaration.name": parameter,
    "variadic_parameter_declaration.name": parameter,
    "function_declaration.name": declares("function", "around", true),
    "method_declaration.name": "declaration",
    "method_elem.name": "declaration",
    "field_declaration.name": "declaration",
    "type_spec.name": "declaration",
    "type_alias.name": "declaration",
    literal_element: "inherit",
    "keyed_element.key": literalKey,
  },
  types: new Set([
    ...["function_type", "interface_type", "pointer_type", "slice_type", "map_type", "array_type"],
    ...["generic_type", "type_arguments", "qualified_type", "channel_type", "type_parameter_list"],
  ]),
  imports: new Set(["import_declaration"]),
  scopes: {
    function_declaration: "function",
    method_declaration: "function",
    func_literal: "function",
    block: "block",
    if_statement: "block",
    for_statement: "block",
    expression_switch_statement: "block",
    type_switch_statement: "block",
    expression_case: "block",
    type_case: "block",
    default_case: "block",
    communication_case: "block",
  },
  closedClasses: false,
  units: {
    function_declaration: unitWithBody("function"),
    method_declaration: unitWithBody("method"),
  },
  declarations: { type_spec: spec, const_spec: spec, var_spec: spec },
  wrappers: new Set(),
  blocks: new Set(["source_file", "block", "statement_list"]),
  operators: new Set([
    ...["binary_expression", "unary_expression", "assignment_statement"],
    ...["inc_statement", "dec_statement"],
  ]),
  literals: {
    int_literal: "number",
    float_literal: "number",
    imaginary_literal: "number",
    rune_literal: "string",
    interpreted_string_literal: "string",
    raw_string_literal: "string",
    true: "boolean",
    false: "boolean",
    nil: "null",
  },
  calls: { call_expression: { callee: ["function"], arguments: "arguments" } },
  members: { selector_expression: { object: "operand", property: "field" } },
  conditions: {
    if_statement: { of: "if", at: "condition" },
    for_clause: { of: "for", at: "condition" },
    for_statement: {
      of: "while",
      at: (node) =>
        namedChildren(node).find(({ field, type }) => field === "" && !type.endsWith("_clause")),
    },
  },
  parentheses: new Set(["parenthesized_expression"]),
  awaits: new Set(),
  expressionStatements: new Set(["expression_statement"]),
  branches: new Set([
    ...["function_declaration", "method_declaration", "func_literal", "if_statement"],
    ...["expression_case", "type_case", "default_case", "communication_case"],
  ]),
};
