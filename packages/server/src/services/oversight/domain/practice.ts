import { dimensionNames, type DimensionName } from './parameters.ts'

export type PracticeType =
  | 'recommendation_withholding'
  | 'calibration_injection'
  | 'unranked_presentation'
  | 'targeted_exercise'

export type Difficulty = 'high' | 'moderate_high' | 'moderate' | 'low_moderate' | 'low'

export type PracticeRecommendation = {
  readonly target: DimensionName
  readonly also: DimensionName | null
  readonly type: PracticeType
  readonly difficulty: Difficulty
  /** Recommended share of practice cases. */
  readonly frequencyRatio: number
  /** A non-binding suggestion. */
  readonly suggest: 'second_reviewer' | null
}

const typeOf: Readonly<Record<DimensionName, PracticeType>> = {
  deferral_resistance: 'recommendation_withholding',
  error_detection: 'calibration_injection',
  independent_performance: 'recommendation_withholding',
  deliberation_depth: 'unranked_presentation',
  post_error_recalibration: 'calibration_injection',
  domain_confidence: 'recommendation_withholding',
  decision_autonomy: 'recommendation_withholding',
}

const steps: readonly {
  readonly from: number
  readonly difficulty: Difficulty
  readonly frequencyRatio: number
}[] = [
  { from: 90, difficulty: 'high', frequencyRatio: 0.025 },
  { from: 75, difficulty: 'moderate_high', frequencyRatio: 0.04 },
  { from: 60, difficulty: 'moderate', frequencyRatio: 0.06 },
  { from: 40, difficulty: 'low_moderate', frequencyRatio: 0.07 },
  { from: 20, difficulty: 'low', frequencyRatio: 0.08 },
]
const lowest = { difficulty: 'low', frequencyRatio: 0.08 } as const

/**
 * The recommended practice, from the shown score and the shown dimensions (D1 to D7, null where undefined); null if
 * no dimension is defined (specification 6).
 */
export function recommendPractice(
  jis: number,
  shown: readonly (number | null)[],
): PracticeRecommendation | null {
  const ordered = orderByValue(shown)
  const step = steps.find(({ from }) => jis >= from) ?? lowest
  const { difficulty, frequencyRatio } = step
  if (jis < 40) {
    const target = ordered.find((name) => dimensionNames.indexOf(name) < 3) ?? ordered[0]
    if (target === undefined) return null
    const suggest = jis < 20 ? 'second_reviewer' : null
    return { target, also: null, type: 'targeted_exercise', difficulty, frequencyRatio, suggest }
  }
  const target = jis >= 60 && jis < 75 ? (ofErrors(ordered) ?? ordered[0]) : ordered[0]
  if (target === undefined) return null
  const also = jis < 60 ? (ordered[1] ?? null) : null
  return { target, also, type: typeOf[target], difficulty, frequencyRatio, suggest: null }
}

/** The lower of D1 and D2. */
function ofErrors(ordered: readonly DimensionName[]): DimensionName | undefined {
  return ordered.find((name) => name === 'deferral_resistance' || name === 'error_detection')
}

/** Lowest first; ties are broken by the order of the dimensions. */
function orderByValue(shown: readonly (number | null)[]): readonly DimensionName[] {
  return dimensionNames
    .flatMap((name, at) => {
      const value = shown[at] ?? null
      return value === null ? [] : [{ name, value }]
    })
    .toSorted((a, b) => a.value - b.value)
    .map(({ name }) => name)
}
