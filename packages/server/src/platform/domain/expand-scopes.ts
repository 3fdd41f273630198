import type { Scope } from '@gatehouse/kernel/principal'

export type ScopesVerdict =
  | { readonly known: true; readonly scopes: readonly Scope[] }
  | { readonly known: false; readonly unknown: readonly string[] }

/**
 * Expands the scopes of a request for a key: `read` and `write` stand for those of every resource of the service, and
 * `write` includes `read`. Sorted, without repeats.
 */
export function expandScopes(wanted: readonly string[], offered: readonly string[]): ScopesVerdict {
  const unknown: string[] = []
  const scopes = new Set<string>()
  for (const scope of wanted) {
    const meant = toScopes(scope, offered)
    if (meant.length === 0) unknown.push(scope)
    for (const one of meant) scopes.add(one)
  }
  if (unknown.length > 0) return { known: false, unknown }
  // Safe: only scopes that the service offers were added, and those are `resource:verb`.
  return { known: true, scopes: [...scopes].toSorted() as Scope[] }
}

function toScopes(scope: string, offered: readonly string[]): readonly string[] {
  switch (scope) {
    case 'read':
      return offered.filter((one) => one.endsWith(':read'))
    case 'write':
      return offered.filter((one) => one.endsWith(':read') || one.endsWith(':write'))
    default:
      return offered.filter((one) => one === scope)
  }
}
