export type Org = {
  readonly id: string
  readonly name: string
  /** Unique on the instance, made from the name. */
  readonly slug: string
  readonly plan: string
  readonly allowedOrigins: readonly string[]
  /** When everything of it is erased; null: nobody has asked for that. */
  readonly deletionScheduledAtMs: number | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Self-hosted orgs have no limits of plan. */
export const planDefault = 'unlimited'

/** Says what it is wherever it is read; as long a name as an org may have. */
export function toTestOrgName(name: string): string {
  return `${[...name].slice(0, 93).join('').trimEnd()} (test)`
}

/** `Acme & Sons` becomes `acme-sons-3f9c1a`; the suffix keeps it unique and is all that a name without letters gives. */
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
