import type { EditorFacts } from "../server/protocol/editorFacts.ts";

/** Extensions that are known to make inline suggestions, by id, and what people call them. */
export const completionExtensions: Readonly<Record<string, string>> = {
  "GitHub.copilot": "GitHub Copilot",
  "GitHub.copilot-chat": "GitHub Copilot Chat",
  "Continue.continue": "Continue",
  "TabbyML.vscode-tabby": "Tabby",
  "rjmacarthy.twinny": "twinny",
  "HuggingFace.huggingface-vscode": "llm-vscode",
  "ggml-org.llama-vscode": "llama-vscode",
  "Codeium.codeium": "Windsurf (Codeium)",
  "TabNine.tabnine-vscode": "Tabnine",
  "TabNine.tabnine-vscode-self-hosted-updater": "Tabnine (self-hosted)",
  "Supermaven.supermaven": "Supermaven",
  "VisualStudioExptTeam.vscodeintellicode-completions": "IntelliCode Completions",
  "AmazonWebServices.amazon-q-vscode": "Amazon Q",
  "AmazonWebServices.aws-toolkit-vscode": "AWS Toolkit (CodeWhisperer)",
  "sourcegraph.cody-ai": "Cody",
  "Google.geminicodeassist": "Gemini Code Assist",
  "GitLab.gitlab-workflow": "GitLab Duo",
  "augment.vscode-augment": "Augment",
  "MarsCode.marscode-extension": "MarsCode",
  "Alibaba-Cloud.tongyi-lingma": "Tongyi Lingma",
  "BaiduComate.comate": "Comate",
  "Blackboxapp.blackbox": "Blackbox",
  "kilocode.kilo-code": "Kilo Code",
  "10nates.ollama-autocoder": "Ollama Autocoder",
};

/** Which of them are installed and turned on here. */
export function findCompletionExtensions(
  find: (id: string) => { readonly isActive: boolean } | undefined,
): EditorFacts["completionExtensions"] {
  return Object.entries(completionExtensions).flatMap(([id, name]) => {
    const found = find(id);
    return found === undefined ? [] : { id, name, active: found.isActive };
  });
}
