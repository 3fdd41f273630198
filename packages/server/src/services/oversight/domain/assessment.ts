import type { RoleClass } from './settings.ts'

export const assessments = ['non_compliant', 'at_risk', 'insufficient_data', 'compliant'] as const

export type Assessment = (typeof assessments)[number]

/** An operator who has minimum data. */
export type AssessedOperator = { readonly jis: number; readonly roleClass: RoleClass }

const [threshold, criticalBelow, shareBelowMost, groupMin] = [60, 40, 0.1, 5]

/**
 * The organisation's oversight status (specification 11). Undetermined below five people, because it would be a
 * statement about individuals. `teamGainHigh` is the upper limit of the organisation's own team gain.
 */
export function assessOrganization(
  operators: readonly AssessedOperator[],
  activeOperators: number,
  teamGainHigh: number | null,
): Assessment {
  if (operators.length < groupMin) return 'insufficient_data'
  const critical = operators.filter(({ roleClass }) => roleClass === 'critical')
  const highRisk = operators.filter(({ roleClass }) => roleClass === 'high_risk')
  if (critical.some(({ jis }) => jis < criticalBelow) || isManyBelow(highRisk)) return 'non_compliant'
  if (critical.some(({ jis }) => jis < threshold) || isManyBelow(operators)) return 'at_risk'
  if (teamGainHigh !== null && teamGainHigh < 0) return 'at_risk'
  return operators.length * 2 < activeOperators ? 'insufficient_data' : 'compliant'
}

function isManyBelow(operators: readonly AssessedOperator[]): boolean {
  const below = operators.filter(({ jis }) => jis < threshold).length
  return below > operators.length * shareBelowMost
}
