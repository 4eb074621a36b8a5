import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixture, typed } from "./support/fixture.ts";
import { type Session, skipReason, startSession } from "./support/session.ts";

describe.skipIf(skipReason() !== undefined)("in a workspace that is not trusted", () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession({
      untrusted: true,
      workspaceSettings: { "starcoder.model.path": "/nowhere/other.gguf" },
    });
  });
  afterAll(() => session.stop());

  it("the workspace cannot choose the model, and suggestions come from the user's", async () => {
    const { workbench } = session;
    await workbench.waitForStatus(/Restricted Mode/);
    await workbench.waitForStatus(/^\s*StarCoder\s*$/, "star-full");
    await workbench.openFile("untrusted.js", fixture);
    expect(await workbench.typeUntilGhostText(typed)).toMatch(/\S/);
    await workbench.screenshot("untrusted workspace");
  });
});
