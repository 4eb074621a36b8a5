"use strict";
const vscode = require("vscode");

/** An inline-completion provider that takes no time: the editor's own floor. */
exports.activate = (context) => {
  context.subscriptions.push(
    vscode.languages.registerInlineCompletionItemProvider("*", {
      provideInlineCompletionItems: (_document, position) => [
        new vscode.InlineCompletionItem("instant", new vscode.Range(position, position)),
      ],
    }),
  );
};
