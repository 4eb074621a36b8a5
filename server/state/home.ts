import { closeSync, openSync, realpathSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { CodedError } from "../protocol/errors.ts";
import { makeFolder } from "./makeFolder.ts";

/** The folder that everything the product writes lies under, and its parts; all exist, mode 0700. */
export interface Home {
  /** Absolute, symbolic links resolved: two spellings of one folder are one home. */
  readonly path: string;
  readonly run: string;
  readonly logs: string;
  readonly models: string;
}

/** What decides where the home lies; the process's own by default. */
export interface HomeSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly userFolder: string;
}

/**
 * Where the home lies: `STARCODER_HOME`, or the platform's data folder for the user. Nothing is
 * created.
 */
export function locateHome(source: Partial<HomeSource> = {}): string {
  const { env = process.env, platform = process.platform, userFolder = homedir() } = source;
  if (env["STARCODER_HOME"]) return resolve(env["STARCODER_HOME"]);
  if (platform === "win32") {
    return join(env["LOCALAPPDATA"] || join(userFolder, "AppData", "Local"), "StarCoder Local");
  }
  if (platform === "darwin") {
    return join(userFolder, "Library", "Application Support", "StarCoder Local");
  }
  return join(env["XDG_DATA_HOME"] || join(userFolder, ".local", "share"), "starcoder-local");
}

/**
 * Creates the home and its folders where they are missing.
 * @throws CodedError `HOME_NOT_WRITABLE`, with the folder and the system's reason.
 */
export function openHome(path: string = locateHome()): Home {
  try {
    makeFolder(path);
    const real = realpathSync(path);
    const home: Home = {
      path: real,
      run: join(real, "run"),
      logs: join(real, "logs"),
      models: join(real, "models"),
    };
    for (const folder of [home.run, home.logs, home.models]) {
      makeFolder(folder);
    }
    // Access bits say nothing about read-only mounts and full disks; writing does.
    const probe = join(home.run, `.probe-${String(process.pid)}`);
    closeSync(openSync(probe, "w", 0o600));
    rmSync(probe, { force: true });
    return home;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("HOME_NOT_WRITABLE", `${path}: ${reason}`, thrown);
  }
}
