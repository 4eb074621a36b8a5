import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../../extension/main.ts";
import { commandIds } from "../../../server/protocol/commands.ts";
import { fixture, typed } from "../support/fixture.ts";
import { readCursorMark } from "../support/cursorMark.ts";
import { until } from "../support/until.ts";

const id = "starcoder-local.starcoder-local";

describe("the extension inside its host", () => {
  let api: ExtensionApi;

  before(async () => {
    const settings = vscode.workspace.getConfiguration("starcoder");
    await settings.update("completion.showThreshold", 0, vscode.ConfigurationTarget.Global);
    await settings.update("completion.deadline", 5000, vscode.ConfigurationTarget.Global);
    const extension = vscode.extensions.getExtension<ExtensionApi>(id);
    assert.ok(extension, `${id} is not installed`);
    api = await extension.activate();
    await api.ready;
  });

  it("activates at once", () => {
    assert.ok(api.activationMs < 200, `activation took ${String(api.activationMs)} ms`);
  });

  it("registers every command that it declares", async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      commandIds.filter((command) => !registered.has(command)),
      [],
    );
  });

  it("says that the model is ready", () => {
    assert.equal(api.status().kind, "ok");
  });

  it("inserts a suggestion when it is accepted", async () => {
    const editor = await open("javascript");
    await vscode.commands.executeCommand("type", { text: typed });
    const before = editor.document.getText();
    const inserted = await acceptSuggestion(editor.document);
    assert.ok(before.length < inserted.length);
    assert.ok(inserted.includes(typed));
  });

  it("is silent in a language that is off, and says so", async () => {
    const settings = vscode.workspace.getConfiguration("starcoder");
    const target = vscode.ConfigurationTarget.Global;
    await settings.update("languages", { "*": true, python: false }, target);
    try {
      const editor = await open("python");
      const before = editor.document.getText();
      await until("the language to be off", () => api.status().kind === "languageOff");
      await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
      await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      assert.equal(editor.document.getText(), before);
    } finally {
      await settings.update("languages", undefined, target);
    }
  });

  it("is turned off and on by its command", async () => {
    await open("javascript");
    await vscode.commands.executeCommand("starcoder.toggle");
    await until("off", () => api.status().kind === "off");
    await vscode.commands.executeCommand("starcoder.toggle");
    await until("on again", () => api.status().kind === "ok");
  });
});

async function open(language: string): Promise<vscode.TextEditor> {
  const { text, line, column } = readCursorMark(fixture);
  const document = await vscode.workspace.openTextDocument({ language, content: text });
  const editor = await vscode.window.showTextDocument(document);
  const cursor = new vscode.Position(line - 1, column - 1);
  editor.selection = new vscode.Selection(cursor, cursor);
  return editor;
}

/** The ghost text is not visible to extensions: asks and accepts until the document has changed. */
async function acceptSuggestion(document: vscode.TextDocument): Promise<string> {
  let changed = false;
  const subscription = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document === document && event.contentChanges.length > 0) changed = true;
  });
  const deadline = Date.now() + 30_000;
  try {
    while (!changed) {
      assert.ok(Date.now() < deadline, "no suggestion could be accepted");
      await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
      await new Promise((resolve) => setTimeout(resolve, 100));
      await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
    }
    return document.getText();
  } finally {
    subscription.dispose();
  }
}
