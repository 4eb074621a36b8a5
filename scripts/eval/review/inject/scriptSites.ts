import ts from "typescript";
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
import { memberSites } from "./scriptMembers.ts";
import { isRead, localsAt } from "./scriptScopes.ts";

const { SyntaxKind } = ts;

function replace(kind: BugSite["kind"], node: ts.Node, texts: readonly string[]): BugSite[] {
  return siteOf(kind, node.getStart(), node.end, node.getText(), texts);
}

function identifierSites(node: ts.Identifier): BugSite[] {
  if (!isRead(node)) return [];
  const locals = localsAt(node);
  if (!locals.has(node.text)) return [];
  const beside = ts.isBinaryExpression(node.parent)
    ? [node.parent.left.getText(), node.parent.right.getText()]
    : [];
  const others = [...locals].filter((name) => name !== node.text && !beside.includes(name));
  return replace("wrong-identifier", node, others.sort());
}

function isText(node: ts.Expression): boolean {
  if (ts.isBinaryExpression(node)) return isText(node.left) || isText(node.right);
  if (ts.isParenthesizedExpression(node)) return isText(node.expression);
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function isLogical(kind: ts.SyntaxKind): boolean {
  return kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken;
}

/** The operand that stands beside an operator: of `a && b && c`, `b` is beside the second. */
function besideOperator(node: ts.Expression, operator: ts.SyntaxKind): ts.Expression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === operator ? node.right : node;
}

function isCopied(node: ts.Expression): boolean {
  const text = node.getText();
  return (
    !ts.isLiteralExpression(node) &&
    !ts.isBinaryExpression(node) &&
    !ts.isPrefixUnaryExpression(node) &&
    !ts.isTypeOfExpression(node) &&
    !ts.isFunctionLike(node) &&
    !/^(null|undefined|true|false|\[.*|\{.*)$/.test(text) &&
    text.length <= longestOperand &&
    !text.includes("\n")
  );
}

function sameOperandSites(node: ts.BinaryExpression): BugSite[] {
  const kind = node.operatorToken.kind;
  if (!isLogical(kind) && comparisonsFor(node.operatorToken.getText()).length === 0) return [];
  const left = isLogical(kind) ? besideOperator(node.left, kind) : node.left;
  if (!isCopied(left) || !isCopied(node.right)) return [];
  return [
    ...replace("same-operands", left, [node.right.getText()]),
    ...replace("same-operands", node.right, [left.getText()]),
  ];
}

function binarySites(node: ts.BinaryExpression): BugSite[] {
  const token = node.operatorToken;
  const operator = token.getText();
  const joinsText = operator.startsWith("+") && (isText(node.left) || isText(node.right));
  return [
    ...replace("wrong-comparison", token, comparisonsFor(operator)),
    ...(joinsText ? [] : replace("wrong-operator", token, operatorsFor(operator))),
    ...sameOperandSites(node),
  ];
}

function isCondition(node: ts.Node): boolean {
  const parent = node.parent;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  return (
    ts.isBinaryExpression(parent) && isLogical(parent.operatorToken.kind) && isCondition(parent)
  );
}

function negationSites(node: ts.Node): BugSite[] {
  if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
    const isDouble =
      (ts.isPrefixUnaryExpression(node.operand) &&
        node.operand.operator === SyntaxKind.ExclamationToken) ||
      (ts.isPrefixUnaryExpression(node.parent) &&
        node.parent.operator === SyntaxKind.ExclamationToken);
    if (isDouble) return [];
    return siteOf("negation", node.getStart(), node.operand.getStart(), "!", [""]);
  }
  const isPlain =
    ts.isIdentifier(node) || ts.isCallExpression(node) || ts.isPropertyAccessExpression(node);
  if (!isPlain || !isCondition(node)) return [];
  return siteOf("negation", node.getStart(), node.getStart(), "", ["!"]);
}

const longestList = 8;

function literalSites(node: ts.Node): BugSite[] {
  if (node.kind === SyntaxKind.TrueKeyword) {
    return ts.isLiteralTypeNode(node.parent) ? [] : replace("wrong-literal", node, ["false"]);
  }
  if (node.kind === SyntaxKind.FalseKeyword) {
    return ts.isLiteralTypeNode(node.parent) ? [] : replace("wrong-literal", node, ["true"]);
  }
  if (!ts.isNumericLiteral(node)) return [];
  const { parent } = node;
  const isData =
    (ts.isArrayLiteralExpression(parent) && parent.elements.length > longestList) ||
    (ts.isPropertyAssignment(parent) && parent.name === node);
  if (isData || ts.isLiteralTypeNode(parent) || ts.isEnumMember(parent)) return [];
  return replace("wrong-literal", node, numbersFor(node.getText()));
}

function isSwapped(node: ts.Expression): boolean {
  return (
    !ts.isSpreadElement(node) && !ts.isFunctionLike(node) && !ts.isObjectLiteralExpression(node)
  );
}

function argumentSites(node: ts.CallExpression | ts.NewExpression): BugSite[] {
  const given = node.arguments ?? [];
  if (!ordersArguments(node.expression.getText())) return [];
  const source = node.getSourceFile().text;
  return given.slice(1).flatMap((right, index) => {
    const left = given[index];
    if (left === undefined || !isSwapped(left) || !isSwapped(right)) return [];
    const between = source.slice(left.end, right.getStart());
    const text = right.getText() + between + left.getText();
    const start = left.getStart();
    return siteOf("swapped-arguments", start, right.end, source.slice(start, right.end), [text]);
  });
}

function awaitSites(node: ts.AwaitExpression): BugSite[] {
  // A caller awaits what is returned anyway.
  if (ts.isReturnStatement(node.parent) || ts.isArrowFunction(node.parent)) return [];
  return siteOf("missing-await", node.getStart(), node.expression.getStart(), "await", [""]);
}

function returnSites(node: ts.ReturnStatement): BugSite[] {
  const value = node.expression;
  if (value === undefined || ts.isLiteralExpression(value)) return [];
  if (ts.isObjectLiteralExpression(value) || ts.isFunctionLike(value)) return [];
  if (/^(null|undefined|true|false)$/.test(value.getText())) return [];
  if (ts.isCallExpression(value) && isContinuation(value.expression.getText())) return [];
  return siteOf("missing-return", node.getStart(), value.getStart(), "return", [""]);
}

/** Every place of a node, itself included, that touches `[start, end)` and can take a bug. */
export function scriptSites(node: ts.Node, start: number, end: number): BugSite[] {
  if (node.end <= start || node.pos >= end) return [];
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return [];
  const sites = [...negationSites(node), ...literalSites(node)];
  if (ts.isIdentifier(node)) sites.push(...identifierSites(node));
  if (ts.isBinaryExpression(node)) sites.push(...binarySites(node));
  if (ts.isPropertyAccessExpression(node)) sites.push(...memberSites(node));
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) sites.push(...argumentSites(node));
  if (ts.isAwaitExpression(node)) sites.push(...awaitSites(node));
  if (ts.isReturnStatement(node)) sites.push(...returnSites(node));
  ts.forEachChild(node, (child) => {
    sites.push(...scriptSites(child, start, end));
  });
  return sites;
}
