/** Keys by version: new writes use `current`, older versions still open what they made. */
export type VersionedKeys = { readonly current: number; readonly versions: ReadonlyMap<number, Buffer> }

/** The bytes of one version. Throws when it is not held: what it made cannot be read any more. */
export function keyOf({ versions }: VersionedKeys, version: number): Buffer {
  const key = versions.get(version)
  if (key === undefined) throw new Error(`Version ${version} of a key is needed, but not held`)
  return key
}

export function currentKey(keys: VersionedKeys): Buffer {
  return keyOf(keys, keys.current)
}

/**
 * One version a line or comma, `VERSION:BASE64` with `bytes` bytes each; the highest is current. Throws a sentence that
 * names `what` and shows no part of a key.
 */
export function parseVersionedKeys(text: string, what: string, bytes: number): VersionedKeys {
  const versions = new Map<number, Buffer>()
  for (const entry of text.split(/[\n,]/).map((line) => line.trim())) {
    if (entry === '') continue
    const [, version, body] = /^(\d{1,6}):([A-Za-z0-9+/]+={0,2})$/.exec(entry) ?? []
    if (version === undefined || body === undefined)
      throw new Error(
        `${what} must hold one VERSION:BASE64 a line, such as 1:… with ${bytes} bytes in base64`,
      )
    const key = Buffer.from(body, 'base64')
    if (key.length !== bytes)
      throw new Error(`${what} holds ${key.length} bytes in version ${version}; it must be ${bytes}`)
    versions.set(Number(version), key)
  }
  if (versions.size === 0) throw new Error(`${what} holds no key`)
  return { current: Math.max(...versions.keys()), versions }
}

export function formatVersionedKeys({ versions }: VersionedKeys): string {
  return [...versions].map(([version, key]) => `${version}:${key.toString('base64')}\n`).join('')
}
