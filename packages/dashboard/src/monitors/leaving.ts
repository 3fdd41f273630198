import { useEffect, useState } from 'preact/hooks'

// Deleted monitors whose deletion can still be undone: they are hidden, but the server was not called yet.
let ids: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()

export function addLeaving(more: readonly string[]): void {
  setLeaving(new Set([...ids, ...more]))
}

export function removeLeaving(fewer: readonly string[]): void {
  setLeaving(new Set([...ids].filter((id) => !fewer.includes(id))))
}

export function useLeaving(): ReadonlySet<string> {
  const [shown, setShown] = useState(ids)
  useEffect(() => {
    const tell = (): void => setShown(ids)
    tell()
    listeners.add(tell)
    return () => void listeners.delete(tell)
  }, [])
  return shown
}

function setLeaving(next: ReadonlySet<string>): void {
  ids = next
  for (const tell of listeners) tell()
}
