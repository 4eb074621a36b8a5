/** Prompts by name, each with the names of the slots that it must hold, and no others. */
export type PromptSlots = Readonly<Record<string, readonly string[]>>;

/** Fills one prompt. What is filled in is not looked at again: code may hold double braces. */
export type FillPrompt<Slots extends readonly string[]> = (
  values: Readonly<Record<Slots[number], string>>,
) => string;

export type Prompts<Table extends PromptSlots> = {
  readonly [Name in keyof Table]: FillPrompt<Table[Name]>;
};

const slotPattern = /\{\{(\w+)\}\}/g;

/**
 * Reads a file of prompts: a heading `## name` each, and under it the text with `{{slots}}`. What
 * stands before the first such heading is for people.
 * @returns the problems, one a sentence, where prompts or slots are missing, unknown or given twice.
 */
export function readPromptFile<Table extends PromptSlots>(
  text: string,
  table: Table,
):
  | { readonly kind: "prompts"; readonly prompts: Prompts<Table> }
  | { readonly kind: "problems"; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const prompts: Record<string, (values: Readonly<Record<string, string>>) => string> = {};
  for (const section of text.split(/^## /m).slice(1)) {
    const [heading = "", ...lines] = section.split(/\r?\n/);
    const name = heading.trim();
    const template = lines.join("\n").trim();
    const slots = Object.hasOwn(table, name) ? table[name] : undefined;
    if (slots === undefined) problems.push(`There is no prompt \`${name}\`.`);
    else if (Object.hasOwn(prompts, name)) problems.push(`The prompt \`${name}\` is there twice.`);
    else {
      problems.push(...slotProblems(name, template, slots));
      prompts[name] = (values) =>
        template.replace(slotPattern, (_, slot: string) => values[slot] ?? "");
    }
  }
  for (const name of Object.keys(table)) {
    if (!Object.hasOwn(prompts, name)) problems.push(`The prompt \`${name}\` is missing.`);
  }
  if (problems.length > 0) return { kind: "problems", problems };
  return { kind: "prompts", prompts: prompts as Prompts<Table> };
}

function slotProblems(name: string, template: string, slots: readonly string[]): string[] {
  const found = new Set([...template.matchAll(slotPattern)].map((match) => match[1] ?? ""));
  const unknown = [...found].filter((slot) => !slots.includes(slot));
  const missing = slots.filter((slot) => !found.has(slot));
  return [
    ...unknown.map((slot) => `The prompt \`${name}\` has no slot \`{{${slot}}}\`.`),
    ...missing.map((slot) => `The prompt \`${name}\` needs the slot \`{{${slot}}}\`.`),
  ];
}
