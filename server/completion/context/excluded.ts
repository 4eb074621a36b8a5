/** Why a file is kept from the model, as context or as a document to complete. */
export type Exclusion = "secret" | "tooLarge" | "binary";

/** Longest document that is completed, in UTF-16 code units. */
export const LONGEST_DOCUMENT = 20_000_000;
/** Longest document that is shown to the model beside another, in UTF-16 code units. */
export const LONGEST_CONTEXT = 500_000;
/** Mean length of a line from which a text is taken for generated: minified code, data. */
const GENERATED_LINE = 500;

const SECRET_NAMES: readonly RegExp[] = [
  /^\.env(\..+)?$/,
  /\.(env|pem|key|p12|pfx|pkcs12|jks|keystore|kdbx|ppk|asc|gpg|crt|cer|der|tfstate|tfvars|ovpn)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)/,
  /^\.(npmrc|netrc|pypirc|htpasswd|pgpass|git-credentials|dockercfg|vault-token)$/,
  /^_netrc$/,
  /^(credentials?|secrets?|passwords?|service[-_]?account.*|client_secret.*)(\.(json|ya?ml|toml|ini|txt|xml|properties|cfg|conf))?$/,
  /^kubeconfig$/,
];
const SECRET_FOLDERS = /(^|\/)(\.ssh|\.aws|\.gnupg|\.kube|\.docker|\.azure)\//;
/** Templates that people commit on purpose. */
const TEMPLATE = /^\.env\.(example|sample|template|dist)$/;

/** Whether a path (with `/`) names a file that holds secrets. */
export function isSecretPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (TEMPLATE.test(name)) return false;
  return SECRET_NAMES.some((pattern) => pattern.test(name)) || SECRET_FOLDERS.test(path);
}

/** Whether a text is binary data: it holds a NUL character near its start. */
export function isBinaryText(text: string): boolean {
  return text.slice(0, 8000).includes("\0");
}

/** Whether a document may not be completed at all, and why. */
export function exclusionOf(document: {
  readonly path: string;
  readonly text: string;
}): Exclusion | undefined {
  if (isSecretPath(document.path)) return "secret";
  if (document.text.length > LONGEST_DOCUMENT) return "tooLarge";
  return isBinaryText(document.text) ? "binary" : undefined;
}

/** Whether a document may be shown to the model beside another: also not huge, minified or mere data. */
export function isFitForContext(document: {
  readonly path: string;
  readonly text: string;
}): boolean {
  if (document.text.length > LONGEST_CONTEXT || exclusionOf(document) !== undefined) return false;
  const head = document.text.slice(0, 20_000);
  return head.length / head.split("\n").length < GENERATED_LINE;
}
