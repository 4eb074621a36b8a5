import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/editor/*.test.ts"],
    globalSetup: "test/editor/support/globalSetup.ts",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
