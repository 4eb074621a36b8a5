import * as vscode from "vscode";

const walkthroughId = "starcoder.start";
const modelStep = "model";

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly { readonly steps: readonly { readonly id: string }[] }[];
  };
}

/** Opens the walkthrough, at a step where one is given. It needs no network. */
export async function openWalkthrough(extensionId: string, step?: string): Promise<void> {
  const category = `${extensionId}#${walkthroughId}`;
  await vscode.commands.executeCommand(
    "workbench.action.openWalkthrough",
    step === undefined ? category : { category, step },
    false,
  );
}

/** Whether the walkthrough has a step for this model: one of the catalogue that may be recommended. */
export function hasModelStep(extension: vscode.Extension<unknown>, id: string): boolean {
  const { contributes } = extension.packageJSON as Manifest;
  return contributes.walkthroughs.some(({ steps }) =>
    steps.some((step) => step.id === `${modelStep}-${id}`),
  );
}

/** The step to show of a model, or of models where none is known. */
export function modelStepId(extension: vscode.Extension<unknown>, id: string | undefined): string {
  return id !== undefined && hasModelStep(extension, id) ? `${modelStep}-${id}` : modelStep;
}
