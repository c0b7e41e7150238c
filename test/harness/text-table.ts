/**
 * Rows of text in columns that stand under each other, as a terminal shows them.
 * @param numbers the columns, from 0, that stand to the right
 */
export function textTable(rows: readonly (readonly string[])[], numbers: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const fit = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return numbers.includes(column) ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((row) => row.map(fit).join('  ').trimEnd()).join('\n');
}
