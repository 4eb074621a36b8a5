import * as vscode from "vscode";
import type { LicenceQuestion } from "./licenceQuestion.ts";

/** Shows terms, size and place before a download; whether the user agreed. */
export async function askLicence(question: LicenceQuestion): Promise<boolean> {
  const openLicence = "Open Licence";
  const { title, detail, accept, licenceUrl } = question;
  const buttons = [accept, ...(licenceUrl === undefined ? [] : [openLicence])];
  for (;;) {
    const pressed = await vscode.window.showInformationMessage(
      title,
      { modal: true, detail },
      ...buttons,
    );
    if (pressed !== openLicence || licenceUrl === undefined) return pressed === accept;
    // Reading it is no answer: the question comes again.
    await vscode.env.openExternal(vscode.Uri.parse(licenceUrl, true));
  }
}
