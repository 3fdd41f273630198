export type Org = {
  readonly id: string
  readonly name: string
  /** Unique on the instance, derived from the name. */
  readonly slug: string
  readonly plan: string
  readonly allowedOrigins: readonly string[]
  /** When all data of the org is erased; null when no deletion was requested. */
  readonly deletionScheduledAtMs: number | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** The plan of a self-hosted org, which has no limits. */
export const planDefault = 'unlimited'

/** Marks the name as that of a test org, within the length that an org's name may have. */
export function toTestOrgName(name: string): string {
  return `${[...name].slice(0, 93).join('').trimEnd()} (test)`
}

/**
 * Makes a slug: `Acme & Sons` becomes `acme-sons-3f9c1a`. The suffix keeps it unique, and is the whole slug of a name
 * without letters.
 */
export function toSlug(name: string, suffix: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{Mn}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return words === '' ? suffix : `${words}-${suffix}`
}
