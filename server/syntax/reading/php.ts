import { assigned, declares, parameter } from "./bindings.ts";
import type { LanguageTable, Parts, Place } from "./languageTable.ts";
import { declaration, unit, unitWithBody } from "./parts.ts";
import { child, namedChildren, type PlainNode } from "./plainTree.ts";

/** What stands after `as` is new in each round. */
function loopVariable(at: PlainNode): Place {
  const as = at.parent?.children.find(({ type }) => type === "as");
  return as !== undefined && as.position < at.position ? assigned() : "use";
}

function promoted(at: PlainNode): Place {
  const list = at.parent?.parent;
  return list?.parent !== undefined && child(list.parent, "body") === undefined
    ? "parameter"
    : parameter;
}

/** The first of the elements that a declaration lists. */
function firstElement(type: string) {
  return (node: PlainNode): Parts => {
    const element = namedChildren(node).find((each) => each.type === type);
    const name = child(element, "name") ?? element?.children.find((each) => each.type === "name");
    return { kind: "field", name, whole: node, code: node, body: undefined };
  };
}

/** PHP. A name with `$` is one name. */
export const php: LanguageTable = {
  names: { variable_name: "use", name: "use" },
  places: {
    "function_call_expression.function": "call",
    "member_access_expression.name": "property",
    "nullsafe_member_access_expression.name": "property",
    "member_call_expression.name": "property",
    "nullsafe_member_call_expression.name": "property",
    "scoped_call_expression.name": "property",
    "scoped_call_expression.scope": (at) => (at.type === "name" ? "type" : "use"),
    "scoped_property_access_expression.name": "property",
    "scoped_property_access_expression.scope": (at) => (at.type === "name" ? "type" : "use"),
    class_constant_access_expression: (at) => (at.position === 0 ? "type" : "property"),
    object_creation_expression: (at) => (at.type === "name" ? "type" : "use"),
    "binary_expression.right": (at) =>
      at.type === "name" && at.parent?.children.some(({ type }) => type === "instanceof") === true
        ? "type"
        : "use",
    const_element: declares("constant", "function", true),
    "function_definition.name": declares("function", "around", true),
    "method_declaration.name": "declaration",
    "class_declaration.name": "declaration",
    "interface_declaration.name": "declaration",
    "trait_declaration.name": "declaration",
    "enum_declaration.name": "declaration",
    "property_element.name": "declaration",
    property_element: "declaration",
    enum_case: "declaration",
    "argument.name": "key",
    "assignment_expression.left": assigned(),
    "augmented_assignment_expression.left": "write",
    "update_expression.argument": "write",
    list_literal: "inherit",
    by_ref: "inherit",
    pair: "inherit",
    foreach_statement: loopVariable,
    "catch_clause.name": assigned(),
    global_declaration: assigned(),
    "static_variable_declaration.name": assigned(),
    anonymous_function_use_clause: parameter,
    "simple_parameter.name": promoted,
    "variadic_parameter.name": promoted,
    "property_promotion_parameter.name": promoted,
  },
  types: new Set([
    ...["named_type", "optional_type", "union_type", "type_list", "base_clause"],
    ...["class_interface_clause", "use_declaration", "namespace_use_declaration"],
    ...["namespace_name", "qualified_name", "attribute_list"],
  ]),
  imports: new Set(["namespace_use_declaration"]),
  scopes: {
    function_definition: "function",
    method_declaration: "function",
    anonymous_function: "function",
    arrow_function: "function",
    declaration_list: "class",
  },
  closedClasses: true,
  units: {
    function_definition: unitWithBody("function"),
    method_declaration: unitWithBody("method"),
    class_declaration: unit("class"),
    interface_declaration: unit("class"),
    trait_declaration: unit("class"),
    enum_declaration: unit("class"),
    property_declaration: firstElement("property_element"),
  },
  declarations: {
    method_declaration: declaration(),
    const_declaration: firstElement("const_element"),
  },
  wrappers: new Set(),
  blocks: new Set([
    ...["program", "compound_statement", "declaration_list", "switch_block"],
    ...["case_statement", "default_statement"],
  ]),
  operators: new Set([
    ...["binary_expression", "unary_op_expression", "update_expression"],
    "augmented_assignment_expression",
  ]),
  literals: {
    integer: "number",
    float: "number",
    boolean: "boolean",
    null: "null",
    string: "string",
    encapsed_string: "string",
  },
  calls: {
    function_call_expression: { callee: ["function"], arguments: "arguments" },
    member_call_expression: { callee: ["object", "name"], arguments: "arguments" },
    nullsafe_member_call_expression: { callee: ["object", "name"], arguments: "arguments" },
    scoped_call_expression: { callee: ["scope", "name"], arguments: "arguments" },
  },
  members: {
    member_access_expression: { object: "object", property: "name" },
    nullsafe_member_access_expression: { object: "object", property: "name" },
    member_call_expression: { object: "object", property: "name" },
    nullsafe_member_call_expression: { object: "object", property: "name" },
  },
  conditions: {
    if_statement: { of: "if", at: "condition" },
    else_if_clause: { of: "if", at: "condition" },
    while_statement: { of: "while", at: "condition" },
    do_statement: { of: "while", at: "condition" },
    for_statement: { of: "for", at: "condition" },
    conditional_expression: { of: "ternary", at: "condition" },
  },
  parentheses: new Set(["parenthesized_expression"]),
  awaits: new Set(),
  expressionStatements: new Set(["expression_statement"]),
  branches: new Set([
    ...["function_definition", "method_declaration", "anonymous_function", "if_statement"],
    ...["else_if_clause", "else_clause", "case_statement", "default_statement"],
    ...["try_statement", "catch_clause", "finally_clause"],
  ]),
};
