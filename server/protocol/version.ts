/** Replaced with the version in package.json by scripts/build.ts; absent when run from source. */
declare const STARCODER_VERSION: string | undefined;

/** The product's version, as in package.json; `0.0.0-source` when run unbundled (tests). */
export const productVersion: string =
  typeof STARCODER_VERSION === "string" ? STARCODER_VERSION : "0.0.0-source";
