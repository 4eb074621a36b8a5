import { declares, parameter } from "./bindings.ts";
import type { Binding, LanguageTable, Parts, Place } from "./languageTable.ts";
import { functionField, soleOf, unit, declaration } from "./parts.ts";
import { child, hasToken, type PlainNode } from "./plainTree.ts";

const FUNCTIONS = new Set(["arrow_function", "function_expression", "generator_function"]);
const DECLARATION = new Set(["lexical_declaration", "variable_declaration"]);

function variable(keyword: PlainNode): Binding {
  if (hasToken(keyword, "const")) return declares("constant");
  if (hasToken(keyword, "let") || keyword.type === "lexical_declaration")
    return declares("variable");
  return declares("variable", "function", true);
}

/** The name of an import; one of a type stands for no value. */
function imported(at: PlainNode): Place {
  for (let node = at.parent; node !== undefined; node = node.parent) {
    if (hasToken(node, "type")) return "declaration";
    if (node.type === "import_statement") break;
  }
  return declares("import", "function", true);
}

/** A function that a name is given to: by a declarator, an assignment or an object's key. */
function namedFunction(node: PlainNode): Parts | undefined {
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

function variableDeclaration(node: PlainNode): Parts | undefined {
  const name = child(node, "name");
  if (name?.type !== "identifier" || FUNCTIONS.has(child(node, "value")?.type ?? "")) {
    return undefined;
  }
  const whole = soleOf(node, DECLARATION);
  return { kind: "field", name, whole, code: node, body: undefined };
}

const REQUIRE = /^(?:const|let|var)\s+[^=]+=\s*require\(\s*["'`][^"'`]*["'`]\s*\)\S*;?$/;

/** TypeScript, with JSX, and JavaScript, whose node types are a part of TypeScript's. */
export const typescript: LanguageTable = {
  names: {
    identifier: "use",
    shorthand_property_identifier: "use",
    shorthand_property_identifier_pattern: "use",
    property_identifier: "property",
    private_property_identifier: "property",
    type_identifier: "type",
    statement_identifier: "other",
  },
  places: {
    "call_expression.function": "call",
    "new_expression.constructor": "call",
    "member_expression.property": "property",
    "pair.key": "key",
    "pair_pattern.key": "key",
    object_pattern: "inherit",
    array_pattern: "inherit",
    rest_pattern: "inherit",
    "pair_pattern.value": "inherit",
    "assignment_pattern.left": "inherit",
    "object_assignment_pattern.left": "inherit",
    "variable_declarator.name": (at) => variable(at.parent?.parent ?? at),
    "for_in_statement.left": (at) =>
      at.parent?.children.some(({ field }) => field === "kind") === true
        ? variable(at.parent)
        : "write",
    "assignment_expression.left": "write",
    "augmented_assignment_expression.left": "write",
    "update_expression.argument": "write",
    formal_parameters: parameter,
    "required_parameter.pattern": parameter,
    "optional_parameter.pattern": parameter,
    "arrow_function.parameter": parameter,
    "catch_clause.parameter": declares("variable"),
    "function_declaration.name": declares("function", "around", true),
    "generator_function_declaration.name": declares("function", "around", true),
    "function_signature.name": declares("function", "around", true),
    "function_expression.name": declares("function"),
    "generator_function.name": declares("function"),
    "class_declaration.name": declares("class"),
    "abstract_class_declaration.name": declares("class"),
    "class.name": "declaration",
    "enum_declaration.name": declares("constant"),
    enum_body: "declaration",
    "enum_assignment.name": "declaration",
    "internal_module.name": declares("constant"),
    "interface_declaration.name": "declaration",
    "type_alias_declaration.name": "declaration",
    "method_definition.name": "declaration",
    "method_signature.name": "declaration",
    "abstract_method_signature.name": "declaration",
    "public_field_definition.name": "declaration",
    "field_definition.property": "declaration",
    import_clause: imported,
    namespace_import: imported,
    "import_specifier.alias": imported,
    "import_specifier.name": (at) =>
      child(at.parent, "alias") === undefined ? imported(at) : "key",
    "export_specifier.name": (at) =>
      child(at.parent?.parent?.parent, "source") === undefined ? "use" : "key",
    "export_specifier.alias": "key",
    namespace_export: "key",
    "jsx_opening_element.name": "other",
    "jsx_closing_element.name": "other",
    "jsx_self_closing_element.name": "other",
    jsx_attribute: "other",
    jsx_namespace_name: "other",
    meta_property: "other",
  },
  types: new Set([
    "type_annotation",
    "type_arguments",
    "type_parameters",
    "type_predicate_annotation",
    "asserts_annotation",
    "implements_clause",
    "extends_type_clause",
    "interface_body",
    "object_type",
    "function_type",
    "constructor_type",
    "union_type",
    "intersection_type",
    "conditional_type",
    "generic_type",
    "array_type",
    "tuple_type",
    "literal_type",
    "lookup_type",
    "index_type_query",
    "readonly_type",
    "parenthesized_type",
    "template_literal_type",
    "type_query",
    "nested_type_identifier",
  ]),
  imports: new Set(["import_statement"]),
  isImport: (node, text) =>
    DECLARATION.has(node.type) &&
    node.parent?.parent === undefined &&
    REQUIRE.test(text.slice(node.start, node.end)),
  scopes: {
    function_declaration: "function",
    generator_function_declaration: "function",
    function_expression: "function",
    generator_function: "function",
    arrow_function: "function",
    method_definition: "function",
    function_signature: "function",
    method_signature: "function",
    abstract_method_signature: "function",
    class_static_block: "function",
    class_body: "class",
    statement_block: "block",
    for_statement: "block",
    for_in_statement: "block",
    switch_body: "block",
    catch_clause: "block",
  },
  closedClasses: false,
  units: {
    function_declaration: unit("function"),
    generator_function_declaration: unit("function"),
    class_declaration: unit("class"),
    abstract_class_declaration: unit("class"),
    method_definition: unit("method"),
    public_field_definition: functionField("name", "value", FUNCTIONS),
    field_definition: functionField("property", "value", FUNCTIONS),
    arrow_function: namedFunction,
    function_expression: namedFunction,
    generator_function: namedFunction,
  },
  declarations: {
    variable_declarator: variableDeclaration,
    function_signature: declaration(),
    abstract_method_signature: declaration(),
    method_signature: (node) =>
      node.parent?.type === "class_body" ? declaration()(node) : undefined,
    interface_declaration: declaration(),
    type_alias_declaration: declaration(),
    enum_declaration: declaration(),
    internal_module: declaration(),
  },
  wrappers: new Set(["export_statement", "ambient_declaration"]),
  blocks: new Set([
    "program",
    "statement_block",
    "class_body",
    "switch_body",
    "switch_case",
    "switch_default",
  ]),
  operators: new Set([
    "binary_expression",
    "unary_expression",
    "update_expression",
    "augmented_assignment_expression",
  ]),
  literals: {
    number: "number",
    true: "boolean",
    false: "boolean",
    null: "null",
    undefined: "null",
    string: "string",
    template_string: "string",
  },
  calls: {
    call_expression: { callee: ["function"], arguments: "arguments" },
    new_expression: { callee: ["constructor"], arguments: "arguments" },
  },
  members: { member_expression: { object: "object", property: "property" } },
  conditions: {
    if_statement: { of: "if", at: "condition" },
    while_statement: { of: "while", at: "condition" },
    do_statement: { of: "while", at: "condition" },
    for_statement: { of: "for", at: "condition" },
    ternary_expression: { of: "ternary", at: "condition" },
  },
  parentheses: new Set(["parenthesized_expression"]),
  awaits: new Set(["await_expression"]),
  expressionStatements: new Set(["expression_statement"]),
  branches: new Set([
    ...["function_declaration", "generator_function_declaration", "method_definition"],
    ...["function_expression", "generator_function", "arrow_function"],
    ...["if_statement", "else_clause", "switch_case", "switch_default"],
    ...["try_statement", "catch_clause"],
  ]),
};
