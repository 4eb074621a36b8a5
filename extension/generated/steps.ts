import * as vscode from "vscode";

/** What a step of several came to. */
export type StepAnswer<Value> =
  { readonly kind: "answered"; readonly value: Value } | { readonly kind: "back" } | undefined;

export interface StepTraits {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface TextStep extends StepTraits {
  readonly value: string;
  readonly prompt: string;
  readonly placeholder: string;
  /** Why a text will not do; undefined: it will. */
  readonly problemOf?: (text: string) => string | undefined;
  /** Beside the title; answers with its own text. */
  readonly button?: { readonly icon: string; readonly tooltip: string; readonly text: string };
}

/** Asks for a line of text; undefined: given up. */
export function askText(step: TextStep): Promise<StepAnswer<string>> {
  const input = vscode.window.createInputBox();
  const { button, problemOf } = step;
  Object.assign(input, {
    title: step.title,
    step: step.step,
    totalSteps: step.totalSteps,
    value: step.value,
    prompt: step.prompt,
    placeholder: step.placeholder,
    ignoreFocusOut: true,
  });
  const own =
    button === undefined
      ? undefined
      : { iconPath: new vscode.ThemeIcon(button.icon), tooltip: button.tooltip };
  input.buttons = [
    ...(step.step > 1 ? [vscode.QuickInputButtons.Back] : []),
    ...(own === undefined ? [] : [own]),
  ];
  return answerOf(input, (answer) => [
    input.onDidAccept(() => {
      const problem = problemOf?.(input.value);
      if (problem === undefined) answer({ kind: "answered", value: input.value });
      else input.validationMessage = problem;
    }),
    input.onDidChangeValue(() => (input.validationMessage = undefined)),
    input.onDidTriggerButton((pressed) => {
      if (pressed === vscode.QuickInputButtons.Back) answer({ kind: "back" });
      else if (button !== undefined) answer({ kind: "answered", value: button.text });
    }),
  ]);
}

export interface PickStep<Item extends vscode.QuickPickItem> extends StepTraits {
  readonly placeholder: string;
  readonly items: readonly Item[];
}

/** Asks for one of several; undefined: given up. */
export function askPick<Item extends vscode.QuickPickItem>(
  step: PickStep<Item>,
): Promise<StepAnswer<Item>> {
  const pick = vscode.window.createQuickPick<Item>();
  Object.assign(pick, {
    title: step.title,
    step: step.step,
    totalSteps: step.totalSteps,
    placeholder: step.placeholder,
    ignoreFocusOut: true,
    matchOnDescription: true,
    items: step.items,
  });
  pick.buttons = step.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return answerOf(pick, (answer) => [
    pick.onDidAccept(() => {
      const [value] = pick.selectedItems;
      if (value !== undefined) answer({ kind: "answered", value });
    }),
    pick.onDidTriggerButton(() => answer({ kind: "back" })),
  ]);
}

function answerOf<Value>(
  input: vscode.QuickInput,
  listen: (answer: (value: StepAnswer<Value>) => void) => vscode.Disposable[],
): Promise<StepAnswer<Value>> {
  return new Promise((resolve) => {
    const listeners = listen((value) => {
      resolve(value);
      input.hide();
    });
    input.onDidHide(() => {
      resolve(undefined);
      for (const listener of listeners) listener.dispose();
      input.dispose();
    });
    input.show();
  });
}

/**
 * Asks one step after the other, each with what is known until then; going back asks the one before
 * again. Steps that have nothing to ask are left out. Undefined: given up.
 */
export async function askSteps<Known>(
  first: Known,
  steps: readonly ((
    known: Known,
    traits: { readonly step: number; readonly totalSteps: number },
  ) => Promise<StepAnswer<Known>>)[],
): Promise<Known | undefined> {
  const known: Known[] = [first];
  while (known.length <= steps.length) {
    const step = steps[known.length - 1];
    const until = known.at(-1);
    if (step === undefined || until === undefined) return undefined;
    const answer = await step(until, { step: known.length, totalSteps: steps.length });
    if (answer === undefined) return undefined;
    if (answer.kind === "answered") known.push(answer.value);
    else known.pop();
  }
  return known.at(-1);
}
