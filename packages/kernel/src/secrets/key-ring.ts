import type { VersionedKeys } from './versioned-keys.ts'

export type KeyRing = VersionedKeys & {
  /** What everybody who holds the ring sees from now on. */
  readonly replace: (next: VersionedKeys) => void
}

/** Versioned keys that are exchanged while the server runs (V3). */
export function createKeyRing(first: VersionedKeys): KeyRing {
  let held = first
  return {
    get current() {
      return held.current
    },
    get versions() {
      return held.versions
    },
    get madeAtSeconds() {
      return held.madeAtSeconds ?? new Map<number, number>()
    },
    replace: (next) => {
      // A key that is the same keeps its object, by which what was derived from it is found again.
      const versions = new Map(
        [...next.versions].map(([version, key]) => {
          const known = held.versions.get(version)
          return [version, known?.equals(key) === true ? known : key] as const
        }),
      )
      held = { ...next, versions }
    },
  }
}
