import type { ComponentChildren, JSX, Ref } from "preact";
import { useId } from "preact/hooks";

export interface SectionProps {
  readonly title: string;
  /** Beside the title, quieter. */
  readonly note?: string;
  /** At the end of the title's line. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
  /** For what leads to the section; makes its heading able to take the focus. */
  readonly heading?: Ref<HTMLHeadingElement>;
  readonly class?: string;
}

/** A part of the view under a heading that names it. */
export function Section(props: SectionProps): JSX.Element {
  const id = useId();
  return (
    <section class={`section ${props.class ?? ""}`} aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id} {...(props.heading === undefined ? {} : { ref: props.heading, tabIndex: -1 })}>
          {props.title}
        </h2>
        {props.note === undefined ? null : <span class="muted note">{props.note}</span>}
        {props.aside === undefined ? null : <span class="aside">{props.aside}</span>}
      </header>
      {props.children}
    </section>
  );
}
