/** The seven dimensions D1 to D7, in the order used everywhere. */
export const dimensionNames = [
  'deferral_resistance',
  'error_detection',
  'independent_performance',
  'deliberation_depth',
  'post_error_recalibration',
  'domain_confidence',
  'decision_autonomy',
] as const

export type DimensionName = (typeof dimensionNames)[number]

/**
 * The figures of the model `oversight-1.0.0`. Every score contains the hash of their canonical form, so a changed
 * figure is a new version; versions are never deleted (specification 4.2).
 */
export const parameters = {
  version: 'oversight-1.0.0',
  weights: [0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.1],
  half_life_days: 30,
  shrink_k: [3, 30, 14, 4, 50, 24, 15],
  prior: [50, 50, 50, 50, 50, 50, 50],
  true_sd: [18, 12, 12, 16, 10, 9, 25],
  floors: [30, 30, 30, 30, null, null, null],
  d_anchor: 2.5,
  deliberation: {
    weights: [0.4, 0.2, 0.2, 0.2],
    t_min_ms: 500,
    t_ref_ms: 15_000,
    gate_k: 14,
    gate_full: 0.5,
  },
  guard: { from: 0.75, prior_overrides: 1, prior_trials: 4 },
  recalibration: { window: 3, errors_min: 3, trials_min: 6, sd_floor: 0.05, contrast_sd: 0.5, clip: 3 },
  confidence: {
    override_share: 0.6,
    ratio_share: 0.4,
    ratio_trials_min: 5,
    calibration_share: 0.5,
    calibration_trials_min: 20,
  },
  autonomy: { error_floor: 0.05, prior_errors: 1.5, prior_trials: 10, value_at_all: 50 },
  bands: [90, 75, 60, 40, 20],
  threshold: 60,
  minimum: { interactions: 50, days: 10, interactions_by_days: 20 },
  conditional: { team_gain_trials: 100 },
  reliance: { window_days: 90, trials_min: 10, follow_below: 0.5, interval_z: 1.959963984540054 },
  decay: { alpha: 0.15, beta: 0.1, gamma: 1, floor: 30 },
  stamp: { ms: 1_500, scroll_below: 0.1 },
  drs: {
    weights: { operator: 0.35, behaviour: 0.35, stakes: 0.25, model: 0.25, disagreement: 0.15 },
    stakes: {
      aviation: 0.95,
      healthcare: 0.9,
      pharmaceutical: 0.85,
      legal: 0.7,
      financial: 0.6,
      general: 0.4,
    },
    unknown_operator: 0.5,
    routes: [0.35, 0.6],
  },
} as const

export type Parameters = typeof parameters
