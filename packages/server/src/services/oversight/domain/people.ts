import type { AssessedOperator } from './assessment.ts'
import type { RoleClass } from './settings.ts'

/** Where somebody stands in one domain; null while withheld. */
type DomainNumber = {
  readonly operatorId: string
  readonly jis: number | null
  readonly roleClass: RoleClass
}

/**
 * The operators with minimum data, each once: somebody with several domains counts by the lowest number, so that much
 * evidence in an easy domain hides nothing.
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
