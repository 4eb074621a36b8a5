/**
 * `node scripts/bootstrap.mjs NAME [arguments]` runs scripts/NAME.ts after installing the dependencies
 * that are missing. Plain JavaScript, because tsx is one of those dependencies.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const oldest = [20, 11];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `StarCoder Local needs Node ${oldest.join(".")} or newer; this is ${process.version}.`,
  );
  process.exit(2);
}

/** Whether node_modules holds the versions that the lock file names (optional packages aside). */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
    const present = JSON.parse(
      readFileSync(path.join(root, "node_modules", ".package-lock.json"), "utf8"),
    );
    return Object.entries(wanted.packages).every(
      ([name, { version, optional }]) =>
        name === "" || optional || present.packages[name]?.version === version,
    );
  } catch {
    return false;
  }
}

/** No install scripts: node-llama-cpp's would compile llama.cpp where its prebuilt binding is missing. */
function install() {
  console.log("Installing dependencies (npm ci; about 0.9 GB with the GPU bindings)");
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const heartbeat = setInterval(() => {
      console.log(`  npm ci: ${Math.round((Date.now() - started) / 1000)} s`);
    }, 10_000);
    const child = spawn("npm", ["ci", "--ignore-scripts", "--loglevel=notice"], {
      cwd: root,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(heartbeat);
      if (code === 0) resolve();
      else reject(new Error(`npm ci ended with ${code}`));
    });
  });
}

const [name, ...args] = process.argv.slice(2);
if (!isInstalled()) await install();
process.chdir(root);
const { register } = await import("tsx/esm/api");
register();
const { main } = await import(`./${name}.ts`);
process.exitCode = await main(args);
