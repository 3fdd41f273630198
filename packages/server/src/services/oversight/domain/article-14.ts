import { dimensionNames, type DimensionName, type Parameters } from './parameters.ts'
import type { Score } from './score.ts'

export type Article14 = 'insufficient_data' | 'non_compliant' | 'at_risk' | 'conditional' | 'compliant'

/** Upper limit and number of trials of a team gain, as the status uses them. */
export type TeamGainLimit = { readonly high: number; readonly n: number }

/** The Article 14 status of one operator, from shown figures (specification 4.7). */
export function judgeArticle14(
  score: Score,
  teamGain: TeamGainLimit | null,
  parameters: Parameters,
): Article14 {
  if (score.published === null) return 'insufficient_data'
  const { jis } = score.published
  const [, , threshold, critical] = parameters.bands
  if (jis < critical) return 'non_compliant'
  if (jis < threshold) return 'at_risk'
  const losesWithAi =
    teamGain !== null && teamGain.high < 0 && teamGain.n >= parameters.conditional.team_gain_trials
  return listBreachedFloors(score, parameters).length > 0 || losesWithAi ? 'conditional' : 'compliant'
}

/** The dimensions that are shown below their floor on enough evidence. */
export function listBreachedFloors(
  { dimensions }: Pick<Score, 'dimensions'>,
  { floors, shrink_k: ks }: Parameters,
): readonly DimensionName[] {
  return dimensionNames.filter((_, at) => {
    const dimension = dimensions[at]
    const floor = floors[at] ?? null
    if (dimension === undefined || dimension.shown === null || floor === null) return false
    return dimension.n >= (ks[at] ?? 0) && dimension.shown < floor
  })
}
