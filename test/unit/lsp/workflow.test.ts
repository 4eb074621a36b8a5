import {
  CancellationTokenSource,
  LSPErrorCodes,
  type CancellationToken,
  type Connection,
} from "vscode-languageserver/node";
import { describe, expect, it } from "vitest";
import { documentFactory } from "../../../server/lsp/documents.ts";
import type { ProgressPort } from "../../../server/lsp/review/progress.ts";
import { serveWorkflow } from "../../../server/lsp/workflow.ts";
import { createLogger } from "../../../server/logs/logger.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { KeptWorkflow } from "../../../server/protocol/workflow.ts";
import { summaryOf } from "../../../server/state/workflowHistory.ts";
import type { WorkflowRequest, Workflow } from "../../../server/workflow/types.ts";
import { createManualClock } from "../../support/manualClock.ts";
import { workflowResult } from "../../support/workflows.ts";

const uri = "file:///work/src/add.ts";
const text = "// add\n\nexport {};\n";
const place = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };

const silent = { level: () => "error" as const, now: () => new Date(0) };

/** A server over a workflow that tells its progress and then ends as `run` says. */
function serve(run: Workflow["run"] = done, add = () => Promise.resolve()) {
  const handlers = new Map<string, (raw: unknown, token: CancellationToken) => Promise<unknown>>();
  const sent: { method: string; params: unknown }[] = [];
  const shown: { token: unknown; value: unknown }[] = [];
  const cancels = new Map<unknown, () => void>();
  const kept: KeptWorkflow[] = [];
  const asked: WorkflowRequest[] = [];
  const unkept: CodedError[] = [];
  const clock = createManualClock();
  const progress: ProgressPort = {
    create: () => Promise.resolve("made"),
    send: (token, value) => void shown.push({ token, value }),
    onCancel: (token, cancel) => {
      cancels.set(token, cancel);
      return () => void cancels.delete(token);
    },
  };
  const document = documentFactory.create(uri, "typescript", 1, text);
  const service = serveWorkflow({
    connection: {
      onRequest: (method: string, handler: never) => handlers.set(method, handler),
      sendNotification: (method: string, params: unknown) => {
        sent.push({ method, params });
        return Promise.resolve();
      },
    } as unknown as Connection,
    product: {
      clock,
      logger: createLogger({ ...silent, service: "server", sinks: [] }),
      workflow: {
        run(request, onProgress, signal) {
          asked.push(request);
          const { requestId } = request;
          const told = { requestId, step: "generate", round: 0, tokensUsed: 3 } as const;
          onProgress({ ...told, message: "Writing version 1 of 2." });
          return run(request, onProgress, signal);
        },
        prompts: () => Promise.resolve([]),
      },
      history: {
        async add(each) {
          await add();
          kept.push(each);
        },
        list: () => Promise.resolve(kept.map(summaryOf)),
        read: (id) => Promise.resolve(kept.find(({ result }) => result.requestId === id)),
      },
    },
    documentOf: (other) => (other === uri ? document : undefined),
    folderUris: () => ["file:///work"],
    progress,
    onUnkept: (error) => unkept.push(error),
  });
  const source = new CancellationTokenSource();
  const ask = (raw: unknown, method = "starcoder/workflow") =>
    handlers.get(method)?.(raw, source.token) ?? Promise.reject(new Error("no handler"));
  return { service, ask, source, sent, shown, cancels, kept, asked, unkept, clock };
}

function done({ requestId }: WorkflowRequest) {
  return Promise.resolve({ kind: "done", result: workflowResult({ requestId }) } as const);
}

/** Ends when it is cancelled, with what it has until then. */
function untilCancelled({ requestId }: WorkflowRequest, _: unknown, signal: AbortSignal) {
  return new Promise<Awaited<ReturnType<Workflow["run"]>>>((resolve) => {
    const finish = () =>
      resolve({ kind: "done", result: workflowResult({ requestId, end: "cancelled" }) });
    if (signal.aborted) finish();
    signal.addEventListener("abort", finish);
  });
}

const task = { task: "Add two numbers", language: "typescript" };

describe("starcoder/workflow", () => {
  it("keeps a result with its place before it answers", async () => {
    const { ask, kept } = serve();
    const answered = await ask({ ...task, uri, range: place });
    const around = { before: "// add\n", after: "\nexport {};\n" };
    expect(kept).toEqual([{ result: answered, uri, range: place, original: "", around }]);
    expect(await ask(null, "starcoder/workflows")).toMatchObject([
      { task: "Add two numbers", uri },
    ]);
    const requestId = kept[0]?.result.requestId;
    expect(await ask({ requestId }, "starcoder/workflowOf")).toEqual(kept[0]);
    expect(await ask({ requestId: "other" }, "starcoder/workflowOf")).toBeNull();
  });

  it("shows the model the document around the place, as it is open", async () => {
    const { ask, asked } = serve();
    await ask({ ...task, uri, range: place });
    expect(asked[0]?.task).toMatchObject({
      ...{ path: "src/add.ts", before: "// add\n", after: "\nexport {};\n" },
      ...{ requirements: [], review: true, budget: {} },
    });
    const end = { line: 0, character: 6 };
    await ask({ ...task, uri, range: { start: end, end }, lead: "\n  " });
    expect(asked[1]?.task).toMatchObject({ before: "// add\n  ", after: "\n\nexport {};\n" });
    await ask({ ...task, uri, range: place, before: "mine", path: "mine.ts" });
    expect(asked[2]?.task).toMatchObject({ before: "mine", path: "mine.ts" });
    expect(asked[0]?.requestId).not.toBe(asked[1]?.requestId);
  });

  it("tells its progress under the client's token, and to others as LSP has it", async () => {
    const { ask, sent, shown } = serve();
    await ask({ ...task, token: "t1" });
    expect(sent).toMatchObject([
      { method: "starcoder/workflowProgress", params: { token: "t1", step: "generate" } },
    ]);
    expect(shown).toEqual([]);
    await ask({ ...task, workDoneToken: "w1" });
    expect(sent).toHaveLength(1);
    expect(shown).toMatchObject([
      { token: "w1", value: { kind: "begin", cancellable: true } },
      { token: "w1", value: { kind: "report", message: "Writing version 1 of 2." } },
      { token: "w1", value: { kind: "end" } },
    ]);
  });

  it("answers with the best so far when it is cancelled, by request or by its progress", async () => {
    const { ask, source, kept, cancels } = serve(untilCancelled);
    const byProgress = ask({ ...task, workDoneToken: "w1" });
    cancels.get("w1")?.();
    expect(await byProgress).toMatchObject({ end: "cancelled" });
    const byRequest = ask(task);
    source.cancel();
    expect(await byRequest).toMatchObject({ end: "cancelled" });
    expect(kept).toHaveLength(2);
  });

  it("fails as cancelled where there is no version yet", async () => {
    const { ask, kept } = serve(() => Promise.resolve({ kind: "cancelled" }));
    await expect(ask(task)).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    expect(kept).toEqual([]);
  });

  it("fails with the code of what went wrong", async () => {
    const error = new CodedError("PARSING_ERROR", "No code in the answer.");
    const { ask } = serve(() => Promise.resolve({ kind: "failed", error }));
    await expect(ask(task)).rejects.toMatchObject({ data: { code: "PARSING_ERROR" } });
    await expect(ask({ task: 7 })).rejects.toMatchObject({ data: { code: "VALIDATION_ERROR" } });
  });

  it("answers although the result cannot be kept, and says so", async () => {
    const full = new CodedError("DISK_FULL");
    const { ask, unkept } = serve(done, () => Promise.reject(full));
    expect(await ask(task)).toMatchObject({ code: "return a + b;\n" });
    expect(unkept).toEqual([full]);
  });

  it("keeps the best so far of what runs when the client goes away", async () => {
    const { ask, service, kept } = serve(untilCancelled);
    const running = ask(task);
    await service.finish(1000);
    expect(kept).toMatchObject([{ result: { end: "cancelled" } }]);
    await running;
    await expect(ask(task)).rejects.toMatchObject({ code: LSPErrorCodes.ServerCancelled });
  });

  it("waits no longer than it may for what does not end", async () => {
    const { ask, service, clock } = serve(() => new Promise(() => undefined));
    void ask(task);
    const finished = service.finish(1000);
    clock.advance(1000);
    await finished;
  });
});
