/** Where, such as `a.b[1]` and empty for the value itself, and what is wrong there. */
export type Unfit = { readonly path: string; readonly message: string }

/**
 * What a value that came as JSON holds that JSON cannot be written of again, so that no hash and no database takes it (RFC
 * 7493 §2.1, §2.2): half a character, as text or in a name, or a number that became infinite. Undefined where nothing
 * is. The value must be of bounded depth.
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
