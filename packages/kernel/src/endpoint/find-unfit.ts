/** The path of a fault, such as `a.b[1]` or empty for the value itself, and what is wrong there. */
export type Unfit = { readonly path: string; readonly message: string }

/**
 * Finds what a parsed JSON value holds that cannot be serialized as valid JSON again, so that no hash and no database
 * accepts it (RFC 7493 §2.1, §2.2): an unpaired surrogate in a text or a name, or a number that became infinite.
 * Undefined when there is nothing of the kind. The nesting of the value must be bounded.
 */
export function findUnfit(value: unknown, path = ''): Unfit | undefined {
  if (typeof value === 'string')
    return value.isWellFormed() ? undefined : { path, message: 'must not contain half a character' }
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : { path, message: 'must not be as large a number' }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value)) {
    if (!name.isWellFormed()) return { path, message: 'must not have a name with half a character' }
    const place = Array.isArray(value) ? `${path}[${name}]` : `${path}${path === '' ? '' : '.'}${name}`
    const unfit = findUnfit(member, place)
    if (unfit !== undefined) return unfit
  }
  return undefined
}
