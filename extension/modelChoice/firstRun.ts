/** What decides whether the walkthrough opens by itself at the first start. */
export interface FirstRunFacts {
  /** `workbench.startupEditor`. */
  readonly startupEditor: string;
  /** `workbench.welcomePage.walkthroughs.openOnInstall`. */
  readonly openOnInstall: boolean;
  /** Files, views and the like that are open; a welcome page is none. */
  readonly openEditors: number;
}

/**
 * Whether the walkthrough opens: where nothing is open that it would cover, and where the user has not
 * said that nothing shall open by itself.
 */
export function opensWalkthrough({
  startupEditor,
  openOnInstall,
  openEditors,
}: FirstRunFacts): boolean {
  return startupEditor !== "none" && openOnInstall && openEditors === 0;
}
