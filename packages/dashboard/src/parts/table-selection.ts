import { useRef, useState } from 'preact/hooks'

export type Selection = {
  readonly ids: ReadonlySet<string>
  readonly toggle: (id: string, isRange: boolean) => void
  readonly toggleAll: () => void
  readonly clear: () => void
}

/** The selected rows; rows that no longer exist are not selected. */
export function useSelection(all: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string | undefined>(undefined)
  const known = new Set(all)
  const ids = new Set([...chosen].filter((id) => known.has(id)))
  return {
    ids,
    toggle: (id, isRange) => {
      const isOn = !ids.has(id)
      const range = isRange && last.current !== undefined ? toRange(all, last.current, id) : [id]
      last.current = id
      const next = new Set(ids)
      for (const one of range) {
        if (isOn) next.add(one)
        else next.delete(one)
      }
      setChosen(next)
    },
    toggleAll: () => setChosen(ids.size === all.length ? new Set() : known),
    clear: () => setChosen(new Set()),
  }
}

/** All ids from one to the other, in row order. */
export function toRange(all: readonly string[], from: string, to: string): readonly string[] {
  const [start, end] = [all.indexOf(from), all.indexOf(to)]
  return start === -1 || end === -1 ? [to] : all.slice(Math.min(start, end), Math.max(start, end) + 1)
}
