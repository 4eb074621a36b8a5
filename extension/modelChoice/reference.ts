import type { AddKind } from "./modelChoices.ts";

/** What is asked for when a model is added by its name. */
export const referencePrompts: Readonly<
  Record<
    Exclude<AddKind, "file">,
    { readonly title: string; readonly prompt: string; readonly placeHolder: string }
  >
> = {
  repository: {
    title: "Add a Repository of the Hugging Face Hub",
    prompt:
      "Owner and name of a repository with GGUF files; after a colon, a file or quantization.",
    placeHolder: "owner/name or owner/name:Q4_K_M",
  },
  url: {
    title: "Add a Model by Its Address",
    prompt: "The address of a GGUF file. It begins with https.",
    placeHolder: "https://example.org/model.gguf",
  },
};

/** Why this cannot be what was asked for, as a sentence; undefined: it can. */
export function referenceProblem(kind: Exclude<AddKind, "file">, text: string): string | undefined {
  const given = text.trim();
  return kind === "repository" ? repositoryProblem(given) : urlProblem(given);
}

function repositoryProblem(given: string): string | undefined {
  return /^[\w.-]+\/[\w.-]+(:[^:\s]+)?$/.test(given)
    ? undefined
    : "Write owner/name, as the hub shows it.";
}

function urlProblem(given: string): string | undefined {
  if (!URL.canParse(given)) return "Write a whole address, such as https://example.org/model.gguf.";
  const { protocol, hostname } = new URL(given);
  const onThisMachine = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === "https:" || (protocol === "http:" && onThisMachine)) return undefined;
  return "Only https is taken; plain http only from this machine.";
}
