import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apiLimits } from "../../../server/http/limits.ts";
import { startTestApi } from "../../support/apiServer.ts";

const page = readFileSync(new URL("../../../docs/api.md", import.meta.url), "utf8");

describe("docs/api.md", () => {
  it("has a part with an example for each route of the OpenAPI document, and no other", async () => {
    const { get } = await startTestApi();
    const { paths } = (await (await get("/openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const parts = [...page.matchAll(/^### ((?:GET|POST) \S+)\n([^]*?)(?=^##)/gm)];
    expect(parts.map(([, route]) => route).sort()).toEqual(routes.sort());
    for (const [, route = "", text = ""] of parts) {
      expect(text, route).toMatch(/^(\$ )?curl /m);
      expect(text, route).toContain(`:3745${route.split(" ")[1] ?? ""}`);
    }
  });

  it("says the limits that are in force", () => {
    expect(page).toContain(`${String(apiLimits.bodyBytes / 1024 / 1024)} MiB`);
    expect(page).toContain(`at most ${String(apiLimits.jsonDepth)} deep`);
    for (const ms of [apiLimits.headersMs, apiLimits.bodyMs, apiLimits.requestMs]) {
      expect(page).toContain(`${String(ms / 1000)} s`);
    }
    expect(page).toContain(`| ${String(apiLimits.connections)}; past that`);
  });
});
