import { readFileSync } from "node:fs";
import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** The import table: which room may import which. A test checks the same table against every file. */
const rooms = JSON.parse(readFileSync(new URL("./scripts/rooms.json", import.meta.url), "utf8"));

const builtins = ["node:*", "fs", "path", "os", "net", "child_process", "crypto", "worker_threads"];

function restrictionsOf(room) {
  const allowed = new Set([room, ...rooms.mayImport[room]]);
  const forbidden = Object.keys(rooms.mayImport).filter((other) => !allowed.has(other));
  const patterns = forbidden.map((other) => ({
    regex: `^(\\.\\.?/)+(server/)?${other.replace("server/", "")}/`,
    message: `${room} may not import ${other} (scripts/rooms.json).`,
  }));
  if (!rooms.nodeLlamaCpp.includes(room)) {
    patterns.push({ regex: "^node-llama-cpp", message: "Only server/host uses node-llama-cpp." });
  }
  if (!rooms.vscode.includes(room)) {
    patterns.push({ regex: "^vscode$", message: "Only the extension uses the vscode API." });
  }
  if (rooms.pure.includes(room)) {
    patterns.push({ group: builtins, message: `${room} is pure: no Node builtins.` });
  }
  return patterns;
}

export default tseslint.config(
  { ignores: ["dist", "out", "node_modules", "samples", "test/golden", "**/*.cjs"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", { max: 350, skipBlankLines: false, skipComments: false }],
      "no-console": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: true },
      ],
    },
  },
  ...Object.keys(rooms.mayImport).map((room) => ({
    files: [`${room}/**/*.ts`, `${room}/**/*.tsx`],
    rules: {
      "no-restricted-imports": ["error", { patterns: restrictionsOf(room) }],
      ...(rooms.pure.includes(room)
        ? {
            "no-restricted-globals": [
              "error",
              ...[
                "setTimeout",
                "setInterval",
                "setImmediate",
                "process",
                "Buffer",
                "console",
                "performance",
              ].map((name) => ({ name, message: "Pure rooms take time and I/O as arguments." })),
            ],
            "no-restricted-properties": [
              "error",
              { object: "Date", property: "now", message: "Take the clock as an argument." },
              { object: "Math", property: "random", message: "Take randomness as an argument." },
            ],
          }
        : {}),
    },
  })),
  { files: ["scripts/**", "server/cli/**", "test/**"], rules: { "no-console": "off" } },
  // Tables of data.
  {
    files: ["server/protocol/errorTable.ts", "server/protocol/settings.ts"],
    rules: { "max-lines": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: {
        URL: "readonly",
        process: "readonly",
        console: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
      },
    },
  },
);
