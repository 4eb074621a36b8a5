import type * as vscode from "vscode";
import { describe, expect, it } from "vitest";
import {
  createWorkflowClient,
  type WorkflowConnection,
} from "../../../../extension/generated/workflowClient.ts";
import { CodedError, toCodedError } from "../../../../server/protocol/errors.ts";
import type { WorkflowProgress } from "../../../../server/protocol/workflow.ts";
import { keptWorkflow, workflowResult } from "../../../support/workflows.ts";

const token = {} as vscode.CancellationToken;
const task = { task: "Add", language: "typescript" };
const failure = (fields: object) => Object.assign(new Error("failed"), fields);

function clientOf(request: WorkflowConnection["request"]) {
  const held: { connection: WorkflowConnection | undefined } = { connection: { request } };
  return { held, client: createWorkflowClient(() => held.connection) };
}

describe("a workflow asked of the server", () => {
  it("tells its own progress, and no other's", async () => {
    const told: WorkflowProgress[] = [];
    const { client } = clientOf((_, params) => {
      const { token: own } = params as { token: string };
      const progress = { requestId: "s1-g1", step: "generate", round: 0, tokensUsed: 1 } as const;
      client.receive({ ...progress, message: "mine", token: own });
      client.receive({ ...progress, message: "not mine", token: "other" });
      return Promise.resolve(workflowResult());
    });
    expect(await client.run(task, (each) => told.push(each), token)).toEqual(workflowResult());
    expect(told.map(({ message }) => message)).toEqual(["mine"]);
  });

  it.each([-32800, -32802])("was cancelled before there was a version: %d", async (code) => {
    const { client } = clientOf(() => Promise.reject(failure({ code })));
    expect(await client.run(task, () => undefined, token)).toBeUndefined();
  });

  it("fails with the code that the server gave", async () => {
    const data = new CodedError("MODEL_NOT_INSTRUCT").toData();
    const { client } = clientOf(() => Promise.reject(failure({ data })));
    const error = await client.run(task, () => undefined, token).catch(toCodedError);
    expect(error).toMatchObject({ code: "MODEL_NOT_INSTRUCT" });
  });

  it("fails with the server's end where that came first", async () => {
    const { client, held } = clientOf(() => {
      held.connection = undefined;
      return Promise.reject(failure({ code: -32097 }));
    });
    const error = await client.run(task, () => undefined, token).catch(toCodedError);
    expect(error).toMatchObject({ code: "SERVER_DIED" });
    expect(await client.list().catch(toCodedError)).toMatchObject({ code: "SERVER_DIED" });
  });

  it("reads results that are kept", async () => {
    const { client } = clientOf((_, params) => {
      const { requestId } = params as { requestId: string };
      return Promise.resolve(requestId === "s1-g1" ? keptWorkflow() : null);
    });
    expect(await client.read("s1-g1")).toEqual(keptWorkflow());
    expect(await client.read("s1-g2")).toBeUndefined();
  });
});
