import {
  findingCommandDeclarations,
  type CommandId,
  type FindingCommandId,
} from "../../server/protocol/commands.ts";

type Menu = readonly {
  readonly command?: CommandId | FindingCommandId;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}[];

const view = "starcoder.review";
const submenu = "starcoder.editorMenu";
const canReview = "config.starcoder.review.mode != off";
const inView = `view == ${view}`;
const button = (label: string, command: CommandId) => `[${label}](command:${command})`;

/**
 * The review's view and menus. The view stands in the panel, beside Problems: there people look for
 * what tools find in their code; it costs neither a place in the activity bar nor a strip of the
 * explorer while nothing was found.
 */
export const reviewContributions = {
  viewsContainers: {
    panel: [{ id: "starcoderReview", title: "StarCoder Review", icon: "$(checklist)" }],
  },
  views: {
    starcoderReview: [{ id: view, name: "StarCoder Review", icon: "$(checklist)" }],
  },
  viewsWelcome: [
    {
      view,
      when: "starcoder.review == none && config.starcoder.review.mode != off",
      contents: [
        "StarCoder has not reviewed this file. It looks for small changes that would make the code much likelier, and says how sure it is.",
        button("Review This File", "starcoder.reviewFile"),
        button("Review Changes", "starcoder.reviewChanges"),
      ].join("\n"),
    },
    {
      view,
      when: "starcoder.review == none && config.starcoder.review.mode == off",
      contents: `Reviews are off.\n${button("Review on Save", "starcoder.toggleReviewOnSave")}`,
    },
    {
      view,
      when: "starcoder.review == noFile",
      contents: "Open a file to see what a review finds in it.",
    },
  ],
  submenus: [{ id: submenu, label: "StarCoder" }],
  menus: {
    commandPalette: Object.keys(findingCommandDeclarations).map((command) => ({
      command,
      when: "false",
    })),
    "editor/context": [{ submenu, when: "!editorReadonly", group: "1_modification@9" }],
    [submenu]: [
      { command: "starcoder.generateCode", group: "0_generate@1" },
      { command: "starcoder.reviseSelection", when: "editorHasSelection", group: "0_generate@2" },
      {
        command: "starcoder.reviewSelection",
        when: `editorHasSelection && ${canReview}`,
        group: "1_review@1",
      },
      { command: "starcoder.reviewFile", when: canReview, group: "1_review@2" },
    ],
    "view/title": [
      { command: "starcoder.reviewFile", when: inView, group: "navigation@1" },
      { command: "starcoder.clearReview", when: inView, group: "navigation@2" },
      { command: "starcoder.reviewChanges", when: inView, group: "1_review@1" },
      { command: "starcoder.showLowConfidence", when: inView, group: "1_review@2" },
      { command: "starcoder.restoreDismissed", when: inView, group: "2_dismissed@1" },
    ],
    "view/item/context": [
      {
        command: "starcoder.review.applyFix",
        when: `${inView} && viewItem == 'finding fix'`,
        group: "inline@1",
      },
      {
        command: "starcoder.review.dismissFinding",
        when: `${inView} && viewItem =~ /^finding/`,
        group: "inline@2",
      },
      {
        command: "starcoder.review.explainRule",
        when: `${inView} && viewItem =~ /^finding/`,
        group: "1_rule@1",
      },
    ],
  } satisfies Record<string, Menu | readonly { command: string; when: string }[]>,
};
