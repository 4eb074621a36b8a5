import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

/** Runs a command that asks for a file, and gives it this one. */
export async function answerFileDialog(
  { page, press }: Pick<Workbench, "page" | "press">,
  title: string,
  file: string,
): Promise<void> {
  const input = page.locator(".quick-input-widget:visible .quick-input-box input");
  await press("F1");
  await until(`the command ${title}`, async () => {
    await input.fill(`>${title}`);
    const row = page.locator(".quick-input-list .monaco-list-row").first();
    return row
      .filter({ hasText: title })
      .waitFor({ timeout: 1000 })
      .then(
        () => true,
        () => false,
      );
  });
  await press("Enter");
  // The dialog for files is a quick input, too; it begins with a path.
  await until("the dialog", async () => (await input.inputValue()).startsWith("/"));
  // It writes its own proposal when it has read the folder, even over what is filled in already.
  let same = 0;
  await until("the file's name to stay", async () => {
    if ((await input.inputValue()) === file) return ++same >= 10;
    same = 0;
    await input.fill(file);
    return false;
  });
  await press("Enter");
}
