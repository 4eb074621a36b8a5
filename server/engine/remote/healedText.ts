import type { StreamItem } from "./dialects/dialect.ts";

type TokenItem = Extract<StreamItem, { kind: "token" }>;

/** What a token adds beyond the text that was to be spelled. */
export type Spelled =
  | { readonly kind: "spelling" }
  | { readonly kind: "beyond"; readonly text: string; readonly logProbability: number | undefined }
  /** The output begins with something else. */
  | { readonly kind: "departed" };

/**
 * Takes the text that the output must begin with off its tokens. Of the token that goes past that
 * text, the probability is the one among those that agree with it, as the local engine has it: what
 * is typed already is no longer in question.
 */
export function createHealedText(heal: string): (token: TokenItem) => Spelled {
  let rest = heal;
  return (token) => {
    const { text, logProbability } = token;
    if (rest === "") return { kind: "beyond", text, logProbability };
    if (text.length < rest.length) {
      if (!rest.startsWith(text)) return { kind: "departed" };
      rest = rest.slice(text.length);
      return { kind: "spelling" };
    }
    if (!text.startsWith(rest)) return { kind: "departed" };
    const beyond = text.slice(rest.length);
    const among = amongAgreeing(token, rest);
    rest = "";
    return beyond === ""
      ? { kind: "spelling" }
      : { kind: "beyond", text: beyond, logProbability: among };
  };
}

function amongAgreeing({ text, logProbability, top = [] }: TokenItem, rest: string) {
  if (logProbability === undefined) return undefined;
  let weight = Math.exp(logProbability);
  for (const other of top) {
    if (other.text === text || other.text === "") continue;
    if (agrees(other.text, rest)) weight += Math.exp(other.logProbability);
  }
  return Math.min(0, logProbability - Math.log(weight));
}

function agrees(text: string, rest: string): boolean {
  return text.length <= rest.length ? rest.startsWith(text) : text.startsWith(rest);
}
