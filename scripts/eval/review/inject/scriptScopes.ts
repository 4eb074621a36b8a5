import ts from "typescript";

function namesOf(binding: ts.BindingName): string[] {
  if (ts.isIdentifier(binding)) return [binding.text];
  return binding.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : namesOf(element.name),
  );
}

function declaredIn(list: ts.VariableDeclarationList, before: number): string[] {
  return list.declarations
    .filter((declaration) => declaration.end <= before)
    .flatMap((declaration) => namesOf(declaration.name));
}

function declaredBy(scope: ts.Node, before: number): string[] {
  if (ts.isFunctionLike(scope)) {
    return scope.parameters.flatMap((parameter) => {
      if (parameter.end > before) return [];
      const names = namesOf(parameter.name);
      return names.filter((name) => name !== "this");
    });
  }
  if (ts.isBlock(scope) || ts.isCaseClause(scope) || ts.isDefaultClause(scope)) {
    return scope.statements.flatMap((statement) =>
      ts.isVariableStatement(statement) ? declaredIn(statement.declarationList, before) : [],
    );
  }
  if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
    const list = scope.initializer;
    if (list === undefined || !ts.isVariableDeclarationList(list)) return [];
    return ts.isForStatement(scope)
      ? declaredIn(list, before)
      : scope.statement.pos <= before
        ? list.declarations.flatMap((declaration) => namesOf(declaration.name))
        : [];
  }
  if (ts.isCatchClause(scope)) {
    return scope.variableDeclaration === undefined ? [] : namesOf(scope.variableDeclaration.name);
  }
  return [];
}

/** Parameters and variables of the functions around a node that are declared before it. */
export function localsAt(node: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const before = node.getStart();
  for (let scope = node.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    for (const name of declaredBy(scope, before)) names.add(name);
  }
  return names;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Whether an expression is assigned to, updated or deleted rather than read. */
export function isWritten(node: ts.Node): boolean {
  const parent = node.parent;
  if (ts.isBinaryExpression(parent)) {
    return parent.left === node && isAssignment(parent.operatorToken.kind);
  }
  if (ts.isPrefixUnaryExpression(parent)) {
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken ||
      parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  }
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent))
    return parent.initializer === node;
  return ts.isPostfixUnaryExpression(parent) || ts.isDeleteExpression(parent);
}

/** Whether an identifier stands for a value that is read there. */
export function isRead(node: ts.Identifier): boolean {
  if (isWritten(node)) return false;
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) {
    return parent.initializer === node;
  }
  if (ts.isParameter(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.initializer === node;
  }
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isArrayLiteralExpression(parent) || ts.isSpreadElement(parent)) {
    return !isPattern(parent);
  }
  return (
    ts.isElementAccessExpression(parent) ||
    ts.isCallExpression(parent) ||
    ts.isNewExpression(parent) ||
    ts.isBinaryExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isConditionalExpression(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isDoStatement(parent) ||
    ts.isForStatement(parent) ||
    ts.isForOfStatement(parent) ||
    ts.isForInStatement(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isAwaitExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isYieldExpression(parent) ||
    ts.isSwitchStatement(parent) ||
    ts.isThrowStatement(parent) ||
    ts.isTypeOfExpression(parent)
  );
}

/** Whether an array literal is, or lies in, the left side of a destructuring assignment. */
function isPattern(node: ts.Node): boolean {
  for (let inner = node; ; inner = inner.parent) {
    if (isWritten(inner)) return true;
    const parent = inner.parent;
    if (!ts.isArrayLiteralExpression(parent) && !ts.isSpreadElement(parent)) return false;
  }
}
