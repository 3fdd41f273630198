import type { NewPageLayout, PageLayout } from '@gatehouse/sdk'

type Stored = PageLayout['components'][number]

export type SectionRow = {
  readonly kind: 'section'
  readonly key: string
  /** Null before it is saved. */
  readonly id: string | null
  readonly name: string
}

export type ComponentRow = {
  readonly kind: 'component'
  readonly key: string
  /** Null before it is saved. */
  readonly id: string | null
  /** Null: its state is set manually. */
  readonly monitorId: string | null
  readonly monitorName: string | null
  readonly displayName: string | null
  readonly description: string | null
  readonly hidden: boolean
  readonly state: Stored['state']
}

/** A row of the page from top to bottom: a component belongs to the nearest section above it, if there is one. */
export type LayoutRow = SectionRow | ComponentRow

export function toRows({ sections, components }: PageLayout): readonly LayoutRow[] {
  const rowsOf = (place: number | null): readonly LayoutRow[] =>
    components.filter(({ section }) => section === place).map(toRow)
  return [
    ...rowsOf(null),
    ...sections.flatMap(({ id, name }, place) => [
      { kind: 'section' as const, key: id, id, name },
      ...rowsOf(place),
    ]),
  ]
}

export function toNewLayout(rows: readonly LayoutRow[]): NewPageLayout {
  const sections: NewPageLayout['sections'][number][] = []
  const components: NewPageLayout['components'][number][] = []
  for (const row of rows)
    if (row.kind === 'section') sections.push({ ...(row.id === null ? {} : { id: row.id }), name: row.name })
    else components.push(toNewComponent(row, sections.length === 0 ? null : sections.length - 1))
  return { sections, components }
}

export function isSameLayout(a: readonly LayoutRow[], b: readonly LayoutRow[]): boolean {
  return JSON.stringify(toNewLayout(a)) === JSON.stringify(toNewLayout(b))
}

/** Applies an edited layout to the current one, because monitors may be added or removed during editing. */
export function reconcile(draft: readonly LayoutRow[], stored: readonly LayoutRow[]): readonly LayoutRow[] {
  const known = new Map(stored.map((row) => [row.key, row]))
  const kept = draft
    .filter((row) => row.id === null || known.has(row.key))
    .map((row) => {
      const now = known.get(row.key)
      return row.kind === 'component' && now?.kind === 'component' && row.monitorId !== null
        ? { ...row, monitorName: now.monitorName, state: now.state }
        : row
    })
  const missing = stored.filter(
    (row) => row.kind === 'component' && row.monitorId !== null && !draft.some(({ key }) => key === row.key),
  )
  const end = kept.findIndex(({ kind }) => kind === 'section')
  return kept.toSpliced(end === -1 ? kept.length : end, 0, ...missing)
}

export function nameOf(row: LayoutRow): string {
  return row.kind === 'section' ? row.name : (row.displayName ?? row.monitorName ?? '')
}

/** Moves a row by one step: a component past its neighbour, a section with its components past another section. */
export function moveBy(rows: readonly LayoutRow[], key: string, step: -1 | 1): readonly LayoutRow[] {
  const from = rows.findIndex((row) => row.key === key)
  const row = rows[from]
  if (row?.kind !== 'section') {
    const to = from + step
    return from === -1 || to < 0 || to >= rows.length ? rows : placeAt(rows, from, 1, to)
  }
  const neighbour =
    step === 1
      ? endOf(rows, from)
      : rows.findLastIndex(({ kind }, index) => kind === 'section' && index < from)
  if (neighbour === -1 || neighbour === rows.length) return rows
  const length = endOf(rows, from) - from
  return placeAt(rows, from, length, step === 1 ? endOf(rows, neighbour) - length : neighbour)
}

/** Moves a row to another row's position: after it when moving down, before it when moving up. */
export function moveTo(rows: readonly LayoutRow[], key: string, targetKey: string): readonly LayoutRow[] {
  const from = rows.findIndex((row) => row.key === key)
  const target = rows.findIndex((row) => row.key === targetKey)
  if (from === -1 || target === -1 || from === target) return rows
  if (rows[from]?.kind === 'component') return placeAt(rows, from, 1, target)
  let moved = rows
  const placeOf = (wanted: string): number => moved.findIndex((row) => row.key === wanted)
  const step = target < from ? -1 : 1
  // Moves section by section until the target's position is reached.
  while (step === -1 ? placeOf(key) > placeOf(targetKey) : endOf(moved, placeOf(key)) <= placeOf(targetKey)) {
    const next = moveBy(moved, key, step)
    if (next === moved) return moved
    moved = next
  }
  return moved
}

export function setRow(rows: readonly LayoutRow[], changed: LayoutRow): readonly LayoutRow[] {
  return rows.map((row) => (row.key === changed.key ? changed : row))
}

/** Names that would become public; empty if only the order changes. */
export function listRevealed(before: readonly LayoutRow[], after: readonly LayoutRow[]): readonly string[] {
  const seen = new Set(before.flatMap(textsOf))
  return [...new Set(after.flatMap(textsOf))].filter((text) => !seen.has(text))
}

function textsOf(row: LayoutRow): readonly string[] {
  if (row.kind === 'section') return [row.name]
  if (row.hidden) return []
  return [nameOf(row), ...(row.description === null ? [] : [row.description])]
}

function toRow(component: Stored): ComponentRow {
  const { id, monitorId, monitorName, displayName, description, hidden, state } = component
  return {
    kind: 'component',
    key: id,
    id,
    monitorId,
    // If a monitor has another public name, its own name is not disclosed.
    monitorName,
    displayName,
    description,
    hidden: hidden === 1,
    state,
  }
}

function toNewComponent(row: ComponentRow, section: number | null): NewPageLayout['components'][number] {
  const { id, monitorId, displayName, description, hidden, state } = row
  const shown = { section, displayName, description, hidden }
  if (monitorId !== null) return { monitorId, ...shown }
  const setState = state === 'unknown' || state === 'paused' ? 'up' : state
  return { ...(id === null ? {} : { id }), state: setState, ...shown }
}

/** The index after a section's last component. */
function endOf(rows: readonly LayoutRow[], start: number): number {
  const end = rows.findIndex(({ kind }, index) => kind === 'section' && index > start)
  return end === -1 ? rows.length : end
}

function placeAt(rows: readonly LayoutRow[], from: number, length: number, to: number): readonly LayoutRow[] {
  return rows.toSpliced(from, length).toSpliced(to, 0, ...rows.slice(from, from + length))
}
