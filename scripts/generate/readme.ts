import {
  commandCategory,
  commandDeclarations,
  type CommandDeclaration,
} from "../../server/protocol/commands.ts";
import {
  settingDeclarations,
  settingsPrefix,
  type SettingDeclaration,
} from "../../server/protocol/settings.ts";

/** README.md with the tables between `<!-- settings:begin -->` and `<!-- settings:end -->` anew. */
export function renderReadme(current: string): string {
  const settings: [string, SettingDeclaration][] = Object.entries(settingDeclarations);
  const commands: [string, CommandDeclaration][] = Object.entries(commandDeclarations);
  const withSettings = replaceSection(current, "settings", [
    ["setting", "default", "what it does", "when to change it"],
    ...settings.map(([key, { default: value, description, when }]) => [
      `\`${settingsPrefix}.${key}\``,
      `\`${JSON.stringify(value)}\``,
      description,
      when,
    ]),
  ]);
  return replaceSection(withSettings, "commands", [
    ["command", "id", "what it does"],
    ...commands.map(([id, { title, description }]) => [
      `${commandCategory}: ${title}`,
      `\`${id}\``,
      description,
    ]),
  ]);
}

function replaceSection(text: string, name: string, rows: readonly (readonly string[])[]): string {
  const begin = `<!-- ${name}:begin -->`;
  const end = `<!-- ${name}:end -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no section ${begin} … ${end}`);
  const [head = [], ...body] = rows;
  const table = [head, head.map(() => "---"), ...body]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
}
