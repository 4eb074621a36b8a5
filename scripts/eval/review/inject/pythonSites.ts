import type { Node } from "@vscode/tree-sitter-wasm";
import {
  comparisonsFor,
  isContinuation,
  longestOperand,
  numbersFor,
  operatorsFor,
  ordersArguments,
  siteOf,
  type BugSite,
} from "./bugs.ts";
import { childrenOf, isField, isRead, isWritten, localsAt } from "./pythonScopes.ts";

function replace(kind: BugSite["kind"], node: Node, texts: readonly string[]): BugSite[] {
  return siteOf(kind, node.startIndex, node.endIndex, node.text, texts);
}

function identifierSites(node: Node): BugSite[] {
  if (!isRead(node)) return [];
  const locals = localsAt(node);
  if (!locals.has(node.text) || node.text === "self" || node.text === "cls") return [];
  const isOperand = /_operator$/.test(node.parent?.type ?? "");
  const beside =
    isOperand && node.parent !== null ? childrenOf(node.parent).map((each) => each.text) : [];
  const others = [...locals].filter(
    (name) => name !== node.text && name !== "self" && name !== "cls" && !beside.includes(name),
  );
  return replace("wrong-identifier", node, others.sort());
}

function isText(node: Node | null): boolean {
  if (node === null) return false;
  if (node.type === "string" || node.type === "concatenated_string") return true;
  if (node.type === "parenthesized_expression") return childrenOf(node).some(isText);
  return node.type === "binary_operator" && childrenOf(node).some(isText);
}

function operatorSites(node: Node): BugSite[] {
  const operator = node.childForFieldName("operator");
  if (operator === null) return [];
  const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
  // `%` and `+` of a string build text.
  if (isText(left) || isText(right)) return [];
  return replace("wrong-operator", operator, operatorsFor(operator.text));
}

function isCopied(node: Node): boolean {
  return (
    ["identifier", "attribute", "call", "subscript"].includes(node.type) &&
    node.text.length <= longestOperand &&
    !node.text.includes("\n")
  );
}

/** Each side may be copied over the other. */
function copies(left: Node, right: Node): BugSite[] {
  if (!isCopied(left) || !isCopied(right)) return [];
  return [
    ...replace("same-operands", left, [right.text]),
    ...replace("same-operands", right, [left.text]),
  ];
}

function comparisonSites(node: Node): BugSite[] {
  const [left, right, ...more] = childrenOf(node);
  if (left === undefined || right === undefined || more.length > 0) return [];
  const source = node.text.slice(
    left.endIndex - node.startIndex,
    right.startIndex - node.startIndex,
  );
  const operator = source.trim().replace(/\s+/g, " ");
  const start = left.endIndex + source.length - source.trimStart().length;
  const end = right.startIndex - (source.length - source.trimEnd().length);
  const sides = operator === "in" || operator === "not in" ? [] : copies(left, right);
  return [
    ...siteOf("wrong-comparison", start, end, source.trim(), comparisonsFor(operator)),
    ...sides,
  ];
}

function logicalSites(node: Node): BugSite[] {
  const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
  if (left === null || right === null) return operatorSites(node);
  const isChain =
    left.type === "boolean_operator" &&
    left.childForFieldName("operator")?.text === node.childForFieldName("operator")?.text;
  const beside = isChain ? left.childForFieldName("right") : left;
  return [...operatorSites(node), ...(beside === null ? [] : copies(beside, right))];
}

function isCondition(node: Node): boolean {
  const parent = node.parent;
  if (parent === null) return false;
  if (["if_statement", "elif_clause", "while_statement"].includes(parent.type)) {
    return isField(node, "condition");
  }
  if (parent.type === "conditional_expression") return childrenOf(parent)[1]?.id === node.id;
  return parent.type === "boolean_operator" && isCondition(parent);
}

function negationSites(node: Node): BugSite[] {
  if (node.type === "not_operator") {
    const argument = node.childForFieldName("argument");
    if (argument === null) return [];
    return siteOf("negation", node.startIndex, argument.startIndex, "not", [""]);
  }
  if (!["identifier", "attribute", "call"].includes(node.type) || !isCondition(node)) return [];
  return siteOf("negation", node.startIndex, node.startIndex, "", ["not "]);
}

const longestList = 8;

function literalSites(node: Node): BugSite[] {
  if (node.type === "true") return replace("wrong-literal", node, ["False"]);
  if (node.type === "false") return replace("wrong-literal", node, ["True"]);
  if (node.type !== "integer") return [];
  const { parent } = node;
  const isData =
    parent !== null &&
    ["list", "tuple", "set"].includes(parent.type) &&
    childrenOf(parent).length > longestList;
  return isData ? [] : replace("wrong-literal", node, numbersFor(node.text));
}

function argumentSites(node: Node): BugSite[] {
  const list = node.childForFieldName("arguments");
  const callee = node.childForFieldName("function")?.text ?? "";
  if (list?.type !== "argument_list" || !ordersArguments(callee)) return [];
  const given = childrenOf(list);
  const fixed = /^(keyword_argument|list_splat|dictionary_splat|lambda|comment)$/;
  return given.slice(1).flatMap((right, index) => {
    const left = given[index];
    if (left === undefined || fixed.test(left.type) || fixed.test(right.type)) return [];
    const offset = list.startIndex;
    const between = list.text.slice(left.endIndex - offset, right.startIndex - offset);
    const written = left.text + between + right.text;
    const text = right.text + between + left.text;
    return siteOf("swapped-arguments", left.startIndex, right.endIndex, written, [text]);
  });
}

function isCalled(node: Node): boolean {
  return node.parent?.type === "call" && isField(node, "function");
}

function homeOf(node: Node, base: string): Node {
  const wanted = base === "self" || base === "cls" ? "class_definition" : "function_definition";
  const isLocal = wanted === "class_definition" || localsAt(node).has(base);
  let home = node.tree.rootNode;
  if (!isLocal) return home;
  for (let around = node.parent; around !== null; around = around.parent) {
    if (around.type !== wanted) continue;
    home = around;
    if (wanted === "class_definition") break;
  }
  return home;
}

function memberSites(node: Node): BugSite[] {
  const object = node.childForFieldName("object");
  const member = node.childForFieldName("attribute");
  const base = object === null ? undefined : /^[A-Za-z_]\w*(?=(\.\w+)*$)/.exec(object.text)?.[0];
  if (object === null || member === null || base === undefined || isWritten(node)) return [];
  const called = isCalled(node);
  const others = homeOf(node, base)
    .descendantsOfType("attribute")
    .filter((each): each is Node => each?.childForFieldName("object")?.text === object.text)
    .filter((each) => isCalled(each) === called)
    .map((each) => each.childForFieldName("attribute")?.text ?? member.text);
  return replace("wrong-member", member, others.sort());
}

function awaitSites(node: Node): BugSite[] {
  const value = childrenOf(node)[0];
  if (value === undefined) return [];
  return siteOf("missing-await", node.startIndex, value.startIndex, "await", [""]);
}

function returnSites(node: Node): BugSite[] {
  const value = childrenOf(node)[0];
  if (value === undefined) return [];
  if (/^(none|true|false|string|integer|float|lambda)$/.test(value.type)) return [];
  const callee = value.type === "call" ? (value.childForFieldName("function")?.text ?? "") : "";
  if (isContinuation(callee)) return [];
  return siteOf("missing-return", node.startIndex, value.startIndex, "return", [""]);
}

function sitesOf(node: Node): BugSite[] {
  switch (node.type) {
    case "identifier":
      return identifierSites(node);
    case "comparison_operator":
      return comparisonSites(node);
    case "boolean_operator":
      return logicalSites(node);
    case "binary_operator":
    case "augmented_assignment":
      return operatorSites(node);
    case "call":
      return argumentSites(node);
    case "attribute":
      return memberSites(node);
    case "await":
      return awaitSites(node);
    case "return_statement":
      return returnSites(node);
    default:
      return literalSites(node);
  }
}

/** Every place of a node, itself included, that touches `[start, end)` and can take a bug. */
export function pythonSites(node: Node, start: number, end: number): BugSite[] {
  if (node.endIndex <= start || node.startIndex >= end || node.type === "type") return [];
  const inner = childrenOf(node).flatMap((child) => pythonSites(child, start, end));
  return [...negationSites(node), ...sitesOf(node), ...inner];
}
