import { useState } from 'preact/hooks'

export type TableView = {
  readonly isDense: boolean
  /** Ids of hidden columns. */
  readonly hidden: ReadonlySet<string>
  readonly setDense: (isDense: boolean) => void
  readonly toggleColumn: (id: string) => void
}

type Kept = { readonly isDense: boolean; readonly hidden: readonly string[] }

/** A user's display settings for this table; stored in the browser. */
export function useTableView(name: string): TableView {
  const item = `gatehouse-table-${name}`
  const [kept, setKept] = useState<Kept>(() => readKept(item))
  const keep = (next: Kept): void => {
    localStorage.setItem(item, JSON.stringify(next))
    setKept(next)
  }
  return {
    isDense: kept.isDense,
    hidden: new Set(kept.hidden),
    setDense: (isDense) => keep({ ...kept, isDense }),
    toggleColumn: (id) =>
      keep({
        ...kept,
        hidden: kept.hidden.includes(id) ? kept.hidden.filter((one) => one !== id) : [...kept.hidden, id],
      }),
  }
}

function readKept(item: string): Kept {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(item) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return { isDense: false, hidden: [] }
    const isDense = 'isDense' in stored && stored.isDense === true
    const hidden = 'hidden' in stored && Array.isArray(stored.hidden) ? stored.hidden : []
    return { isDense, hidden: hidden.filter((id): id is string => typeof id === 'string') }
  } catch {
    // The stored value is not ours; column settings are not worth an error.
    return { isDense: false, hidden: [] }
  }
}
