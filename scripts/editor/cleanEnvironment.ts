/**
 * The environment for a program that must not notice who started it: npm's own lifecycle variables and
 * those of a surrounding VS Code (its terminal, its debugger) are dropped, npm's configuration is kept.
 */
export function cleanEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !foreign.test(name) || kept.test(name)),
  );
}

const foreign = /^(npm_|VSCODE_|ELECTRON_|INIT_CWD$|NODE_OPTIONS$|VITEST|NODE_ENV$)/i;
const kept = /^npm_config_(?!local_prefix$|loglevel$)/i;
