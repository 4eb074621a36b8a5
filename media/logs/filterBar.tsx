import type { JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { logServices } from "../../server/protocol/logs.ts";
import { Icon } from "../parts/icon.tsx";
import {
  chipsOf,
  everything,
  spanNames,
  spanProblem,
  spans,
  toggleService,
  type Span,
  type ViewFilter,
} from "./logFilters.ts";

export interface FilterBarProps {
  readonly filter: ViewFilter;
  readonly onChange: (filter: ViewFilter) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

/** A key that comes sooner belongs to the same search. */
const typingMs = 200;

const levelLabels = {
  debug: "All levels",
  info: "Info and up",
  warn: "Warn and up",
  error: "Errors",
} as const;

/** What restricts the records: controls, and what is chosen as chips that can be taken away. */
export function FilterBar({ filter: applied, onChange, search }: FilterBarProps): JSX.Element {
  const [text, setText] = useState(applied.text);
  const sent = useRef(applied.text);
  // A text that came from elsewhere ends what is being typed; one's own, or another level, does not.
  useEffect(() => {
    if (applied.text !== sent.current) setText(applied.text);
    sent.current = applied.text;
  }, [applied.text]);
  useEffect(() => {
    if (text === applied.text) return undefined;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange({ ...applied, text });
    }, typingMs);
    return () => clearTimeout(timer);
  }, [text, applied]);
  /** In force as it is: what is still being typed is dropped. */
  const apply = (next: ViewFilter): void => {
    setText(next.text);
    sent.current = next.text;
    onChange(next);
  };
  const filter = { ...applied, text };
  const problem = spanProblem(filter);
  return (
    <div class="filters" role="search" aria-label="Filter of the records">
      <div class="filter-controls">
        <SearchField
          text={text}
          search={search}
          onType={setText}
          onDone={(typed) => apply({ ...applied, text: typed })}
        />
        <div class="toggles" role="group" aria-label="Services">
          {logServices.map((service) => (
            <button
              key={service}
              type="button"
              class="toggle"
              aria-pressed={filter.services.includes(service)}
              onClick={() => onChange(toggleService(filter, service, logServices))}
            >
              {service}
            </button>
          ))}
        </div>
        <select
          class="field"
          aria-label="Level"
          value={filter.level}
          onChange={({ currentTarget }) =>
            onChange({ ...filter, level: currentTarget.value as ViewFilter["level"] })
          }
        >
          {Object.entries(levelLabels).map(([level, label]) => (
            <option key={level} value={level}>
              {label}
            </option>
          ))}
        </select>
        <select
          class="field"
          aria-label="Time"
          value={filter.span}
          onChange={({ currentTarget }) =>
            onChange({ ...filter, span: currentTarget.value as Span })
          }
        >
          {spanNames.map((span) => (
            <option key={span} value={span}>
              {spans[span].label}
            </option>
          ))}
        </select>
        {filter.span === "custom" ? (
          <span class="custom-span">
            <TimeField
              label="From"
              value={filter.since}
              onChange={(since) => onChange({ ...filter, since })}
            />
            <TimeField
              label="To"
              value={filter.until}
              onChange={(until) => onChange({ ...filter, until })}
            />
          </span>
        ) : null}
        {problem === undefined ? null : (
          <span class="field-problem" role="alert">
            {problem}
          </span>
        )}
      </div>
      <Chips filter={applied} onChange={apply} />
    </div>
  );
}

interface SearchFieldProps {
  readonly text: string;
  readonly search: FilterBarProps["search"];
  readonly onType: (text: string) => void;
  readonly onDone: (text: string) => void;
}

function SearchField({ text, search, onType, onDone }: SearchFieldProps): JSX.Element {
  return (
    <label class="search">
      <Icon name="search" />
      <input
        ref={search}
        class="field"
        type="text"
        spellcheck={false}
        placeholder="Search in records"
        aria-label="Text in records"
        aria-keyshortcuts="Control+F /"
        value={text}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onDone(text);
          else if (event.key === "Escape" && text !== "") onDone("");
        }}
      />
    </label>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TimeField({ label, value, onChange }: TimeFieldProps): JSX.Element {
  return (
    <input
      class="field"
      type="datetime-local"
      step={1}
      aria-label={label}
      title={label}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function Chips({ filter, onChange }: Omit<FilterBarProps, "search">): JSX.Element | null {
  const chips = chipsOf(filter);
  if (chips.length === 0) return null;
  return (
    <div class="chips" role="group" aria-label="In force">
      {chips.map(({ name, value, without }) => (
        <span key={`${name} ${value}`} class="chip" data-filter={name}>
          <span class="muted">{name}</span> <span class="chip-value">{value}</span>
          <button
            type="button"
            class="chip-remove"
            title={`Remove ${name} ${value}`}
            aria-label={`Remove ${name} ${value}`}
            onClick={() => onChange(without)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {chips.length < 2 ? null : (
        <button type="button" class="link" onClick={() => onChange(everything)}>
          Clear all
        </button>
      )}
    </div>
  );
}
