import type { Sums } from './counters.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import type { Parameters } from './parameters.ts'
import { clip } from './rounding.ts'

/** One dimension before shrinkage: 0 to 100, null if undefined, with its weighted evidence. */
export type RawDimension = { readonly value: number | null; readonly n: number }

/** D1 to D7 in their order, from weighted sums in natural units (specification 4.5). */
export function rateDimensions(sums: Sums, parameters: Parameters): readonly RawDimension[] {
  const rates = hitAndFalseAlarm(sums)
  return [
    deferralResistance(sums, parameters),
    errorDetection(sums, rates, parameters),
    independentPerformance(sums),
    deliberationDepth(sums, rates, parameters),
    postErrorRecalibration(sums, parameters),
    domainConfidence(sums, parameters),
    decisionAutonomy(sums, parameters),
  ]
}

export type Rates = { readonly hit: number; readonly falseAlarm: number }

/**
 * How often wrong and right advice was overridden, with the log-linear correction of Hautus (1995) in proportion to the
 * number of trials: d′ is exactly 0 for people who always, or never, follow. Null unless both kinds of trials exist.
 */
export function hitAndFalseAlarm({ n1, a1, n0, a0 }: Pick<Sums, 'n1' | 'a1' | 'n0' | 'a0'>): Rates | null {
  if (!(n1 > 0 && n0 > 0)) return null
  const n = n1 + n0
  return {
    hit: (a1 + n1 / n) / (n1 + (2 * n1) / n),
    falseAlarm: (a0 + n0 / n) / (n0 + (2 * n0) / n),
  }
}

function balancedTrials({ n1, n0 }: Sums): number {
  return (2 * n1 * n0) / (n1 + n0)
}

function deferralResistance(sums: Sums, { guard }: Parameters): RawDimension {
  const { nd1, ad1, a0, n0, ad0, nd0 } = sums
  if (!(nd1 > 0)) return { value: null, n: nd1 }
  const refusal = Math.max(
    (a0 + guard.prior_overrides) / (n0 + guard.prior_trials),
    (ad0 + guard.prior_overrides) / (nd0 + guard.prior_trials),
  )
  // An operator who rejects nearly all right advice gets no credit for rejecting wrong advice.
  const credit = refusal <= guard.from ? 1 : (1 - refusal) / (1 - guard.from)
  return { value: (100 * credit * (ad1 + 1)) / (nd1 + 2), n: nd1 }
}

function errorDetection(sums: Sums, rates: Rates | null, { d_anchor: anchor }: Parameters): RawDimension {
  if (rates === null) return { value: null, n: 0 }
  const dPrime = normalQuantile(rates.hit) - normalQuantile(rates.falseAlarm)
  return { value: 100 * clip(dPrime / anchor, 0, 1), n: balancedTrials(sums) }
}

function independentPerformance({ own, own_ok: right }: Sums): RawDimension {
  return { value: own > 0 ? (100 * (right + 1)) / (own + 2) : null, n: own }
}

function deliberationDepth(sums: Sums, rates: Rates | null, parameters: Parameters): RawDimension {
  const { rel, q } = sums
  if (!(rel > 0)) return { value: null, n: rel }
  const { gate_k: prior, gate_full: full } = parameters.deliberation
  const trials = rates === null ? 0 : balancedTrials(sums)
  const discerned = rates === null ? 0 : trials * Math.max(0, rates.hit - rates.falseAlarm)
  const discernment = (discerned + prior * 0.5) / (trials + prior)
  return { value: 100 * (q / rel) * (0.5 + 0.5 * Math.min(1, discernment / full)), n: rel }
}

function postErrorRecalibration(sums: Sums, { recalibration }: Parameters): RawDimension {
  const { rel, q, q2, disc, post, post_q: postQ } = sums
  const base = rel - post
  const { errors_min: errorsMin, trials_min: trialsMin } = recalibration
  if (!(disc >= errorsMin && post >= trialsMin && base >= trialsMin)) return { value: null, n: post }
  const deviation = Math.max(recalibration.sd_floor, Math.sqrt(Math.max(0, q2 / rel - (q / rel) ** 2)))
  const bound = recalibration.clip
  const vigilance = clip((postQ / post - (q - postQ) / base) / deviation, -bound, bound)
  const after = contrast(sums.post_n1, sums.post_a1, sums.post_n0, sums.post_a0)
  const before = contrast(
    sums.n1 - sums.post_n1,
    sums.a1 - sums.post_a1,
    sums.n0 - sums.post_n0,
    sums.a0 - sums.post_a0,
  )
  const discrimination = clip((after - before) / recalibration.contrast_sd, -bound, bound)
  return { value: 100 * normalCdf((vigilance + discrimination) / 2), n: post }
}

/** The difference of the two rates (Youden), each with half a trial added on either side. */
function contrast(n1: number, a1: number, n0: number, a0: number): number {
  return (a1 + 0.5) / (n1 + 1) - (a0 + 0.5) / (n0 + 1)
}

function domainConfidence(sums: Sums, { confidence }: Parameters): RawDimension {
  const { own, own_ok: ownRight, fin, fin_ok: finalRight, ov, ov_ok: overrideRight, conf, brier } = sums
  const isCalibrated = conf >= confidence.calibration_trials_min
  if (!(ov >= 1 || isCalibrated)) return { value: null, n: fin }
  const parts: { readonly share: number; readonly value: number }[] = []
  if (ov >= 1) parts.push({ share: confidence.override_share, value: (overrideRight + 1) / (ov + 2) })
  const ratioMin = confidence.ratio_trials_min
  if (own >= ratioMin && fin >= ratioMin) {
    const ratio = (ownRight + 1) / (own + 2) / ((finalRight + 1) / (fin + 2))
    parts.push({ share: confidence.ratio_share, value: Math.min(1, ratio) })
  }
  const shares = parts.reduce((sum, { share }) => sum + share, 0)
  const shown = parts.reduce((sum, { share, value }) => sum + 100 * share * value, 0) / shares
  if (!isCalibrated) return { value: shown, n: fin }
  const calibration = 100 * clip(1 - brier / conf / 0.25, 0, 1)
  if (parts.length === 0) return { value: calibration, n: fin }
  const share = confidence.calibration_share
  return { value: (1 - share) * shown + share * calibration, n: fin }
}

function decisionAutonomy({ rel, a, n1, n0 }: Sums, { autonomy }: Parameters): RawDimension {
  if (!(rel > 0)) return { value: null, n: rel }
  const rate = a / rel
  const errorRate = Math.max(
    autonomy.error_floor,
    (n1 + autonomy.prior_errors) / (n1 + n0 + autonomy.prior_trials),
  )
  const tolerated = Math.min(1, 2 * errorRate)
  if (rate <= errorRate) return { value: (100 * rate) / errorRate, n: rel }
  if (rate <= tolerated) return { value: 100, n: rel }
  return { value: 100 - (autonomy.value_at_all * (rate - tolerated)) / (1 - tolerated), n: rel }
}
