import { type Cell, type Guard, guards, type Way } from './cell.ts'
import { waysOfKeys } from './ways-of-keys.ts'
import { waysOfPeople } from './ways-of-people.ts'

export const ways: Readonly<Record<string, Way>> = { ...waysOfPeople, ...waysOfKeys }

/** The table as a page: a part for each way, a row for each guard. */
export function toPage(): string {
  const parts = Object.values(ways).map(
    ({ title, endpoints, cells }) =>
      `## ${title}\n\n${toOperations(endpoints)}\n\n| Guard | Shown by |\n|---|---|\n${toRows(cells)}\n`,
  )
  return `${head}\n${parts.join('\n')}`
}

const head = `# Seams

Most faults lie between two right rules. Here every way to a credential or to lasting power meets every guard, and each
meeting is a test that you can run, or says why there is nothing to guard. \`node tools/write-seams.ts\` writes this page
from \`tools/seams\`; a way or a guard without its cells fails the suite.
`

function toOperations(endpoints: readonly string[]): string {
  if (endpoints.length === 0) return 'By command on the server’s own machine.'
  return `By ${endpoints.map((id) => `\`${id}\``).join(', ')}.`
}

function toRows(cells: Readonly<Record<Guard, Cell>>): string {
  // Safe: the keys of `guards` are the guards.
  return (Object.keys(guards) as Guard[])
    .map((guard) => `| ${guards[guard]} | ${toText(cells[guard])} |`)
    .join('\n')
}

function toText(cell: Cell): string {
  switch (cell.kind) {
    case 'none':
      return `n/a: ${cell.because}`
    case 'shown':
      return `[${cell.title.replaceAll('|', '\\|')}](../../${cell.file})`
  }
}
