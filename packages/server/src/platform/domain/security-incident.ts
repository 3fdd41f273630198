import type { Language } from './language.ts'

export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** Which orgs an incident affects: not known yet, none, the listed ones, or all that existed when this was set. */
export const scopes = ['unknown', 'none', 'listed', 'all'] as const
export type IncidentScope = (typeof scopes)[number]

/** Texts of the operator: in English, and optionally in Japanese. */
export type Said<Words> = { readonly en: Words } & { readonly [language in Exclude<Language, 'en'>]?: Words }

export type IncidentReport = {
  readonly title: string
  readonly happened: string
  readonly countermeasures: string
}

export type SecurityIncident = {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  /** The claim that failed; null when a person opened the incident. */
  readonly becauseClaim: string | null
  readonly scopeOrgs: IncidentScope
  /** The affected data, in the operator's words. */
  readonly scopeData: string
  readonly affected: number
  readonly told: number
  readonly openedAtMs: number
  readonly clockFromMs: number
  readonly remindedHours: number
  readonly containedAtMs: number | null
  readonly notice: Said<string> | null
  readonly toldAtMs: number | null
  readonly report: Said<IncidentReport> | null
  readonly publishedAtMs: number | null
  readonly revisedAtMs: number | null
  readonly closedAtMs: number | null
  readonly closedBecause: string | null
}

export type IncidentStep = 'change' | 'contain' | 'notify' | 'publish' | 'close'

export type StepVerdict =
  | { readonly allowed: true }
  /** A sentence for the person who tried it. */
  | { readonly allowed: false; readonly because: string }

type Standing = Pick<
  SecurityIncident,
  'scopeOrgs' | 'affected' | 'told' | 'containedAtMs' | 'publishedAtMs' | 'closedAtMs'
>

/** Whether an org still has to be notified. While it is unknown which orgs are affected, one may have to be. */
export function isTellingDue({ scopeOrgs, affected, told, closedAtMs }: Standing): boolean {
  if (closedAtMs !== null) return false
  switch (scopeOrgs) {
    case 'unknown':
      return true
    case 'none':
      return false
    case 'listed':
    case 'all':
      return told < affected
  }
}

/**
 * Whether the step is allowed in the present state of the incident. `closesWithout`: the reason for closing it without
 * a report.
 */
export function judgeIncidentStep(
  incident: Standing,
  step: IncidentStep,
  closesWithout?: string,
): StepVerdict {
  if (incident.closedAtMs !== null) return refuse('The incident is closed')
  const isContained = incident.containedAtMs !== null
  switch (step) {
    case 'change':
      return { allowed: true }
    case 'contain':
      return isContained ? refuse('The incident is contained already') : { allowed: true }
    case 'notify':
      if (incident.scopeOrgs === 'unknown') return refuse('Say first which organisations it touches')
      return isTellingDue(incident) ? { allowed: true } : refuse('Nobody is left to be told')
    case 'publish':
      return isContained
        ? { allowed: true }
        : refuse('Contain the incident before you publish a report on it')
    case 'close':
      if (!isContained) return refuse('Contain the incident before you close it')
      if (isTellingDue(incident)) return refuse('Not everybody whom it touches has been told')
      return incident.publishedAtMs === null && closesWithout === undefined
        ? refuse('Publish a report, or say why there is none')
        : { allowed: true }
  }
}

function refuse(because: string): StepVerdict {
  return { allowed: false, because }
}
