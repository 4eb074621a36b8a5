import { hubAddress, hubPage } from "../../network/hub.ts";

/** A repository's page on the hub in use, for people. */
export function pageOf(
  repository: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return hubPage(hubAddress(env), repository);
}
