import { readFileSync } from "node:fs";
import { z } from "zod";
import type { CommandId } from "../../server/protocol/commands.ts";
import { formatBytes } from "../../server/protocol/figures.ts";
import { catalogueEntrySchema, licenceSchema } from "../../server/protocol/models.ts";

/** A step of the walkthrough as package.json has it. */
export interface WalkthroughStep {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly when?: string;
  readonly media: { readonly markdown: string };
  readonly completionEvents: readonly string[];
}

/** What the catalogue's file says, as far as a step needs it. */
const catalogueFileSchema = z.object({
  licences: z.record(z.string(), licenceSchema),
  entries: z.array(catalogueEntrySchema.omit({ licence: true }).extend({ licence: z.string() })),
});
export type CatalogueFile = z.infer<typeof catalogueFileSchema>;

const catalogueFile = new URL("../../server/models/catalogue/catalogue.json", import.meta.url);

/** The contribution: its steps for models follow the catalogue. */
export function walkthroughContributions() {
  const file = catalogueFileSchema.parse(JSON.parse(readFileSync(catalogueFile, "utf8")));
  return {
    walkthroughs: [
      {
        id: "starcoder.start",
        title: "Get Started with StarCoder Local",
        description: "Code suggestions and reviews by a model on your own machine.",
        icon: "media/icon.png",
        steps: [...firstSteps, ...modelSteps(file), ...lastSteps],
      },
    ],
  };
}

const media = (name: string) => ({ markdown: `media/walkthrough/${name}.md` });

/** A line of its own that is nothing but a link is drawn as a button. */
function button(
  label: string,
  command: CommandId | "workbench.action.quickOpen",
  argument?: object,
) {
  const query = argument === undefined ? "" : `?${encodeURIComponent(JSON.stringify(argument))}`;
  return `[${label}](command:${command}${query})`;
}

const firstSteps: readonly WalkthroughStep[] = [
  {
    id: "what",
    title: "What StarCoder Local does",
    description:
      "It suggests code as you type and looks through what you save. A model on this machine does the work; the small one that comes with the extension is running already.",
    media: media("what"),
    completionEvents: ["onStepSelected"],
  },
  {
    id: "privacy",
    title: "Your code stays on this machine",
    description:
      "No code, no prompt and no telemetry is sent anywhere. Only downloads that you ask for use the network.",
    media: media("privacy"),
    completionEvents: ["onStepSelected"],
  },
];

/** One step per model that may be recommended, of which one is shown, and one while none is known. */
export function modelSteps({ entries, licences }: CatalogueFile): readonly WalkthroughStep[] {
  const steps = entries
    .filter(({ recommended }) => recommended)
    .map((entry): WalkthroughStep => {
      const { id, name, source, quantizations } = entry;
      const when = `starcoder.recommended == '${id}'`;
      if (source.kind === "bundled") {
        return {
          id: `model-${id}`,
          title: "The bundled model suits this machine",
          description: `A larger model would be too slow or too large here. ${button("See what there is", "starcoder.chooseModel")}, if you want to try one.`,
          when,
          media: media("model"),
          completionEvents: ["onStepSelected"],
        };
      }
      const licence = licences[entry.licence];
      const size = quantizations[0]?.sizeBytes;
      const terms =
        licence === undefined
          ? "You see its licence before anything is downloaded."
          : `Licence: ${licence.name}${licence.restrictions.length === 0 ? "" : ", which restricts some uses. You see its terms before anything is downloaded"}.`;
      return {
        id: `model-${id}`,
        title: `Get ${name}, the model for this machine`,
        description: [
          [
            "Of the models that keep up with typing here it makes the best suggestions.",
            ...entry.notes.slice(0, 1),
            ...(size === undefined ? [] : [`Download: ${formatBytes(size)}.`]),
            terms,
          ].join(" "),
          button(`Download ${name}`, "starcoder.chooseModel", { id }),
          button("See All Models", "starcoder.chooseModel"),
        ].join("\n"),
        when,
        media: media("model"),
        completionEvents: ["onContext:starcoder.model == own"],
      };
    });
  return [
    ...steps,
    {
      id: "model",
      title: "Get a better model",
      description: [
        "The model that comes with the extension is a small starter. StarCoder looks at this machine, says which model suits it, and fetches it when you say so.",
        button("Choose a Model", "starcoder.chooseModel"),
      ].join("\n"),
      when: "!starcoder.recommended",
      media: media("model"),
      completionEvents: ["onContext:starcoder.model == own"],
    },
  ];
}

const lastSteps: readonly WalkthroughStep[] = [
  {
    id: "suggestions",
    title: "See your first suggestion",
    description: `Open a code file and type: a suggestion appears in grey. Press Tab to accept it.\n${button("Open a File", "workbench.action.quickOpen")}`,
    media: media("suggestions"),
    completionEvents: ["onContext:starcoder.suggested"],
  },
  {
    id: "review",
    title: "Have your code reviewed",
    description: `When you save, what changed is looked through for slips: a wrong name, a flipped comparison, a missing await. Each finding says how sure it is.\n${button("Review This File", "starcoder.reviewFile")}`,
    media: media("review"),
    completionEvents: ["onCommand:starcoder.reviewFile", "onContext:starcoder.review == rows"],
  },
  {
    id: "troubleshooting",
    title: "When something is not right",
    description: [
      "The status bar item says how things stand, and its menu has the remedies. Diagnose checks everything a suggestion depends on.",
      button("Show the Menu", "starcoder.showMenu"),
      button("Diagnose", "starcoder.doctor"),
    ].join("\n"),
    media: media("troubleshooting"),
    completionEvents: ["onCommand:starcoder.showMenu", "onCommand:starcoder.doctor"],
  },
];
