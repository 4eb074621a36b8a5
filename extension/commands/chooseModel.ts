import * as vscode from "vscode";
import { z } from "zod";
import { CodedError } from "../../server/protocol/errors.ts";
import { modelIdSchema, type StoredModel } from "../../server/protocol/models.ts";
import { addModel } from "../modelChoice/addModel.ts";
import { obtainModel } from "../modelChoice/obtainModel.ts";
import { pickModel, type PickedModel } from "../modelChoice/pickModel.ts";
import { switchModel } from "../modelChoice/switchModel.ts";
import { showFailure } from "../showFailure.ts";
import { withArgument, type CommandContext } from "./command.ts";

/** The id of a model to take, or nothing to choose from the list. */
const argumentSchema = z.object({ id: modelIdSchema });

/** Shows what there is to choose from, and sees to it that the choice comes into use. */
export const chooseModel = withArgument(argumentSchema, async (context, argument) => {
  if (argument === undefined) {
    const picked = await pickModel(context.models, (thrown) => {
      context.log.error(String(thrown));
      void showFailure(thrown);
    });
    if (picked !== undefined) await take(context, picked);
    return;
  }
  const { models, offered = [] } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "StarCoder: Looking at this machine" },
    () => context.models.refresh(),
  );
  const model = models.find(({ id }) => id === argument.id);
  if (model !== undefined) {
    await useStored(context, model);
    return;
  }
  const found = offered.find(({ entry }) => entry.id === argument.id);
  if (found === undefined) throw new CodedError("MODEL_UNKNOWN", argument.id);
  await obtainModel(context, found);
});

async function take(context: CommandContext, picked: PickedModel): Promise<void> {
  switch (picked.kind) {
    case "stored":
      await useStored(context, picked.model);
      return;
    case "offered":
      await obtainModel(context, picked.offered);
      return;
    case "add":
      await addModel(context, picked.add);
  }
}

async function useStored(context: CommandContext, model: StoredModel): Promise<void> {
  const { id, name, active, error, path, source } = model;
  if (error !== undefined) throw CodedError.fromData(error);
  if (active) {
    void vscode.window.showInformationMessage(`StarCoder uses ${name} already.`);
    return;
  }
  // A configured one may have no entry of its own.
  await switchModel(context, source === "configured" ? path : id, name);
}
