import type { Incident } from '@gatehouse/sdk'
import { StatusMark } from '../parts/status-mark.tsx'
import { words } from '../words.ts'
import { incidentWords as says } from '../words/incident-words.ts'

const tones = { ongoing: 'down', acknowledged: 'degraded', resolved: 'ok' } as const

export function IncidentMark({ status }: Pick<Incident, 'status'>) {
  return <StatusMark tone={tones[status]} text={words.incidents[status]} />
}

/** Whether an incident is visible on its status page, if that page is public. */
export function toPlaceOnPage({
  visibility,
  publicPhase,
}: Pick<Incident, 'visibility' | 'publicPhase'>): string {
  if (visibility === 'hidden') return says.hidden
  return publicPhase === null ? says.notYet : says.visible
}
