import ts from "typescript";
import { siteOf, type BugSite } from "./bugs.ts";
import { isWritten, localsAt } from "./scriptScopes.ts";

function isCalled(node: ts.PropertyAccessExpression): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

/** Where an object's name means the same: its class for `this`, its outermost function for a local. */
function homeOf(node: ts.PropertyAccessExpression): ts.Node {
  const base = baseOf(node.expression);
  const wanted = base?.kind === ts.SyntaxKind.ThisKeyword ? ts.isClassLike : ts.isFunctionLike;
  const isLocal = base !== undefined && ts.isIdentifier(base) && localsAt(node).has(base.text);
  let home: ts.Node = node.getSourceFile();
  if (!isLocal && base?.kind !== ts.SyntaxKind.ThisKeyword) return home;
  for (let around = node.parent; !ts.isSourceFile(around); around = around.parent) {
    if (!wanted(around)) continue;
    home = around;
    if (ts.isClassLike(around)) break;
  }
  return home;
}

function baseOf(node: ts.Expression): ts.Expression | undefined {
  if (ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword) return node;
  return ts.isPropertyAccessExpression(node) ? baseOf(node.expression) : undefined;
}

function declaredMembers(home: ts.Node, called: boolean): string[] {
  if (!ts.isClassLike(home)) return [];
  return home.members.flatMap((member) => {
    if (member.name === undefined || ts.isComputedPropertyName(member.name)) return [];
    if (ts.isMethodDeclaration(member) !== called) return [];
    return ts.isPropertyDeclaration(member) || ts.isMethodDeclaration(member)
      ? [member.name.getText()]
      : [];
  });
}

/** Another member of the same object, seen elsewhere in the file and used in the same way. */
export function memberSites(node: ts.PropertyAccessExpression): BugSite[] {
  if (baseOf(node.expression) === undefined || isWritten(node)) return [];
  const object = node.expression.getText();
  const called = isCalled(node);
  const home = homeOf(node);
  const isThis = node.expression.kind === ts.SyntaxKind.ThisKeyword;
  const others = new Set<string>(isThis ? declaredMembers(home, called) : []);
  const visit = (inner: ts.Node): void => {
    if (
      ts.isPropertyAccessExpression(inner) &&
      isCalled(inner) === called &&
      inner.name.text !== node.name.text &&
      inner.expression.getText() === object
    ) {
      others.add(inner.name.text);
    }
    ts.forEachChild(inner, visit);
  };
  visit(home);
  const { name } = node;
  return siteOf("wrong-member", name.getStart(), name.end, name.text, [...others].sort());
}
