import type { VersionedKeys } from './versioned-keys.ts'

export type KeyRing = VersionedKeys & {
  /** Replaces the keys for everyone who holds the ring. */
  readonly replace: (next: VersionedKeys) => void
}

/** Versioned keys that can be replaced while the server runs (V3). */
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
      // An unchanged key keeps its object, because what was derived from it is found by that object.
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
