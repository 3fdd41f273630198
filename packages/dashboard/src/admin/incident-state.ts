import type { SecurityIncident } from '@gatehouse/sdk'
import type { Tone } from '../parts/status-mark.tsx'
import { instanceSecurityWords } from '../words/instance-security-words.ts'

const says = instanceSecurityWords.incidents
const { severities } = instanceSecurityWords

export const severityChoices = [
  { value: 'low', text: severities.low },
  { value: 'medium', text: severities.medium },
  { value: 'high', text: severities.high },
  { value: 'critical', text: severities.critical },
] as const

/** The state of an incident; an overdue step is named before anything else. */
export function toIncidentState(incident: SecurityIncident): { readonly tone: Tone; readonly text: string } {
  if (incident.isOverdue) return { tone: 'down', text: says.overdue }
  if (incident.closedAt !== null) return { tone: 'ok', text: says.states.closed }
  if (incident.toldAt !== null) return { tone: 'maintenance', text: says.states.told }
  if (incident.containedAt !== null) return { tone: 'degraded', text: says.states.contained }
  return { tone: 'down', text: says.states.open }
}
