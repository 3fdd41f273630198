import type { AssessedOperator } from './assessment.ts'
import type { RoleClass } from './settings.ts'

/** An operator's standing in one domain; null while withheld. */
type DomainNumber = {
  readonly operatorId: string
  readonly jis: number | null
  readonly roleClass: RoleClass
}

/**
 * The operators with minimum data, each once. An operator with several domains counts with the lowest score, so that
 * good results in an easy domain hide nothing.
 */
export function toPeople(
  standings: readonly DomainNumber[],
): readonly (AssessedOperator & { readonly operatorId: string })[] {
  const lowest = new Map<string, AssessedOperator & { readonly operatorId: string }>()
  for (const { operatorId, jis, roleClass } of standings) {
    if (jis === null) continue
    const known = lowest.get(operatorId)
    if (known === undefined || jis < known.jis) lowest.set(operatorId, { operatorId, jis, roleClass })
  }
  return [...lowest.values()]
}
