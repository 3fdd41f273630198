/**
 * Keys by version: new values use `current`, older versions still open the values made with them. The object may change
 * while the server runs, so code that derives something from a key does so by version, and reads `current` each time.
 */
export type VersionedKeys = {
  readonly current: number
  readonly versions: ReadonlyMap<number, Buffer>
  /** When each version was made, in seconds since the epoch, where known. */
  readonly madeAtSeconds?: ReadonlyMap<number, number>
}

/** The bytes of one version. Throws when it is not held: what was made with it cannot be read any more. */
export function keyOf({ versions }: VersionedKeys, version: number): Buffer {
  const key = versions.get(version)
  if (key === undefined) throw new Error(`Version ${version} of a key is needed, but not held`)
  return key
}

export function currentKey(keys: VersionedKeys): Buffer {
  return keyOf(keys, keys.current)
}

/** Caches what `derive` returns for each version, for as long as that version is held. */
export function derivedFrom<T>(
  keys: VersionedKeys,
  derive: (key: Buffer, version: number) => T,
): (version: number) => T {
  const derived = new Map<number, { readonly key: Buffer; readonly value: T }>()
  return (version) => {
    const key = keyOf(keys, version)
    const known = derived.get(version)
    if (known?.key === key) return known.value
    const value = derive(key, version)
    derived.set(version, { key, value })
    return value
  }
}

/**
 * Parses key versions, one per line or separated by commas: `VERSION:BASE64` with `bytes` bytes each, optionally
 * followed by `:SECONDS` of its creation; the highest version is current. Throws an error that names `what` and shows
 * no part of a key.
 */
export function parseVersionedKeys(text: string, what: string, bytes: number): VersionedKeys {
  const versions = new Map<number, Buffer>()
  const madeAtSeconds = new Map<number, number>()
  for (const entry of text.split(/[\n,]/).map((line) => line.trim())) {
    if (entry === '') continue
    const [, version, body, madeAt] = /^(\d{1,6}):([A-Za-z0-9+/]+={0,2})(?::(\d{1,12}))?$/.exec(entry) ?? []
    if (version === undefined || body === undefined)
      throw new Error(
        `${what} must hold one VERSION:BASE64 a line, such as 1:… with ${bytes} bytes in base64`,
      )
    const key = Buffer.from(body, 'base64')
    if (key.length !== bytes)
      throw new Error(`${what} holds ${key.length} bytes in version ${version}; it must be ${bytes}`)
    versions.set(Number(version), key)
    if (madeAt !== undefined) madeAtSeconds.set(Number(version), Number(madeAt))
  }
  if (versions.size === 0) throw new Error(`${what} holds no key`)
  return { current: Math.max(...versions.keys()), versions, madeAtSeconds }
}

export function formatVersionedKeys({ versions, madeAtSeconds }: VersionedKeys): string {
  return [...versions]
    .map(([version, key]) => {
      const madeAt = madeAtSeconds?.get(version)
      return `${version}:${key.toString('base64')}${madeAt === undefined ? '' : `:${madeAt}`}\n`
    })
    .join('')
}
