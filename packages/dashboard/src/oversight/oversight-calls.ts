import { gatehouse } from '../session.ts'

/** The oversight calls for signed-in members. */
export const oversight = gatehouse.oversight.members
export const decisions = gatehouse.oversight.decisions.byHand

export type Organisation = Awaited<ReturnType<typeof oversight.organization>>
export type Operator = Awaited<ReturnType<typeof oversight.operators.list>>['operators'][number]
export type Profile = Awaited<ReturnType<typeof oversight.profile>>
export type Interaction = Awaited<ReturnType<typeof oversight.operators.interactions>>['interactions'][number]
export type ViewPage = Awaited<ReturnType<typeof oversight.operators.views>>
export type Alert = Awaited<ReturnType<typeof oversight.alerts.list>>['alerts'][number]
export type Report = Awaited<ReturnType<typeof oversight.compliance.list>>['reports'][number]
export type ImportJob = Awaited<ReturnType<typeof oversight.imports.list>>['imports'][number]
export type Contest = Awaited<ReturnType<typeof oversight.people.contests>>['contests'][number]
export type Exercise = Awaited<ReturnType<typeof oversight.recommendPractice>>['exercises'][number]
export type Coverage = Awaited<ReturnType<typeof oversight.coverage>>
export type AccessLink = Awaited<ReturnType<typeof oversight.people.accessLinks>>['links'][number]
export type Decision = Awaited<ReturnType<typeof decisions.get>>
export type ListedDecision = Awaited<ReturnType<typeof decisions.list>>['decisions'][number]
export type PolicyPreview = Awaited<ReturnType<typeof decisions.previewPolicy>>
export type Metric = NonNullable<Organisation['team_gain']>

export const windows = ['30', '90', '365', 'all'] as const
export type Window = (typeof windows)[number]

export function readWindow(said: string | undefined): Window {
  return windows.find((known) => known === said) ?? '90'
}

export const domains = [
  'healthcare',
  'aviation',
  'financial',
  'legal',
  'pharmaceutical',
  'general',
  'employment',
  'education',
  'housing',
  'insurance',
  'government',
] as const

/** What the independence score is made of. */
export const dimensions = [
  'deferral_resistance',
  'error_detection',
  'independent_performance',
  'deliberation_depth',
  'post_error_recalibration',
  'domain_confidence',
  'decision_autonomy',
] as const

export const bands = ['exemplary', 'proficient', 'adequate', 'at_risk', 'impaired', 'non_functional'] as const
export type Band = (typeof bands)[number]
export const roleClasses = ['standard', 'high_risk', 'critical'] as const

/** Below this number of decisions, no figures about a person are shown (specification 2). */
export const minimumDecisions = 50
