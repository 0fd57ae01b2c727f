/** The tables of a page in Markdown. Pure. */

export interface Table {
  /** The heading that it stands under. */
  heading: string
  columns: string[]
  /** Cells without the marks of code. */
  rows: string[][]
}

export function tablesOf(markdown: string): Table[] {
  const tables: Table[] = []
  let heading = ''
  let table: Table | undefined
  for (const line of markdown.split('\n')) {
    const isRow = line.startsWith('|')
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '')
    if (!isRow) table = undefined
    else if (!table) {
      table = { heading, columns: cellsOf(line), rows: [] }
      tables.push(table)
    } else if (!/^[|\s:-]+$/.test(line)) table.rows.push(cellsOf(line))
  }
  return tables
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(cell => cell.trim().replaceAll('`', ''))
}
