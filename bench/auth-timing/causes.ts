import { randomBytes } from 'node:crypto'

/** Headers of one request that must be refused, made anew for each trial. */
export type Causes = Readonly<Record<string, () => Readonly<Record<string, string>>>>

/** Every way for a key to be refused; `keys` are what the server hands over: one revoked, one expired, one good. */
export function causesOf(keys: Readonly<Record<string, string>>): Causes {
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
  const held = (name: string): string => {
    const text = keys[name]
    if (text === undefined) throw new Error(`The server handed over no key named ${name}`)
    return text
  }
  const random = (bytes: number): string => randomBytes(bytes).toString('hex')
  return {
    missing: () => ({}),
    malformed: () => bearer(`mk_${random(31)}`),
    'unknown prefix': () => bearer(`mk_${random(32)}`),
    // The part that may be seen is right, the rest is not.
    'wrong secret': () => bearer(held('good').slice(0, 11) + random(28)),
    revoked: () => bearer(held('revoked')),
    expired: () => bearer(held('expired')),
  }
}
