import type { ComponentChildren, JSX } from "preact";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Figures stand right and in digits of one width. */
  readonly numeric?: boolean;
  /** Names the row, for those who do not see the table. */
  readonly header?: boolean;
  /** Takes what is left of the width. */
  readonly wide?: boolean;
}

export interface DataTableProps<Row> {
  /** Read out before the table; not drawn. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** The same for the same row each time it is drawn. */
  readonly keyOf: (row: Row) => string;
  readonly empty?: string;
  readonly rowClass?: (row: Row) => string | undefined;
}

/** A table that scrolls sideways in narrow views rather than squeezing its text. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { caption, columns, rows, keyOf } = props;
  if (rows.length === 0 && props.empty !== undefined) return <p class="muted">{props.empty}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="data">
        <caption class="hidden-text">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={props.rowClass?.(row)}>
              {columns.map((column) =>
                column.header === true ? (
                  <th key={column.title} scope="row" class={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} class={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf<Row>(column: Column<Row>): string | undefined {
  const names = [column.numeric === true ? "numeric" : "", column.wide === true ? "wide" : ""];
  const joined = names.filter((name) => name !== "").join(" ");
  return joined === "" ? undefined : joined;
}
