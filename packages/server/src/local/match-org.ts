import type { ListedOrg } from '../platform/index.ts'

export type OrgMatch =
  | { readonly kind: 'one'; readonly org: ListedOrg }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly orgs: readonly ListedOrg[] }

/** Finds the org that a text names by its id, slug or name, ignoring case; without a text, the only one. */
export function matchOrg(orgs: readonly ListedOrg[], wanted: string | undefined): OrgMatch {
  const found =
    wanted === undefined
      ? orgs
      : orgs.filter(({ id, slug, name }) => [id, slug, name].some((one) => fold(one) === fold(wanted)))
  const [org, ...others] = found
  if (org === undefined) return { kind: 'none' }
  return others.length === 0 ? { kind: 'one', org } : { kind: 'several', orgs: found }
}

/** Normalizes text for comparison: composed, in one case, without blanks at the ends. */
function fold(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}
