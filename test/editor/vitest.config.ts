import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/editor/*.test.ts"],
    globalSetup: "test/editor/support/globalSetup.ts",
    fileParallelism: false,
    // A browser on a loaded machine misses a click now and then; the report names what was repeated.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
