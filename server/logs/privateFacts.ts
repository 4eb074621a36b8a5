import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import type { PrivateFacts } from "./redact.ts";

/** Names of what nobody is to see. */
export const secretName = /key|token|secret|passw|passphrase|pwd|credential|auth/i;

/** Programs that ask for a password have it in their names, too. */
const namesProgram = /askpass/i;

/** What is private on this machine: the user's folder and name, and what secret variables hold. */
export function readPrivateFacts(
  env: Readonly<Record<string, string | undefined>> = process.env,
): PrivateFacts {
  return { userFolder: quietly(homedir), userName: quietly(nameOfUser), secrets: secretsOf(env) };
}

/** The values of environment variables whose names say that nobody is to see them. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = ""]) =>
    secretName.test(name) && !namesProgram.test(name) && !isPath(value) ? [value] : [],
  );
}

/** Sockets and files of keys are named by variables, too; their paths are no secrets. */
function isPath(value: string): boolean {
  return isAbsolute(value) && existsSync(value);
}

function nameOfUser(): string {
  return userInfo().username;
}

/** An account without an entry has neither. */
function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
