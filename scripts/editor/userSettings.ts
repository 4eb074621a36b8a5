/** User settings under which VS Code makes no outside connection and shows nothing but the editor. */
export const offlineSettings: Readonly<Record<string, unknown>> = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "git.enabled": false,
  "js/ts.tsserver.automaticTypeAcquisition.enabled": false,
  "npm.fetchOnlinePackageInfo": false,
};

/** An extension gallery that does not exist, so that nothing is looked up in one. */
export const noGallery = JSON.stringify({
  serviceUrl: "",
  itemUrl: "",
  resourceUrlTemplate: "",
  controlUrl: "",
  recommendationsUrl: "",
});
