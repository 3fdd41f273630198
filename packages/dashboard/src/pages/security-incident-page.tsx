import { useQuery } from '@tanstack/react-query'
import { useRoute } from 'preact-iso'
import { IncidentSteps } from '../admin/incident-steps.tsx'
import { toIncidentState } from '../admin/incident-state.ts'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { ExactMoment } from '../moment.tsx'
import { Found, Heading } from '../parts.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { gatehouse } from '../session.ts'
import { placeWords } from '../words/place-words.ts'
import { instanceSecurityWords } from '../words/instance-security-words.ts'

const says = instanceSecurityWords.incidents

export function SecurityIncidentPage() {
  const { id = '' } = useRoute().params
  const query = useQuery({
    queryKey: ['admin', 'security-incident', id],
    queryFn: ({ signal }) => gatehouse.platform.admin.securityIncidents.get(id, { signal }),
  })
  return (
    <>
      <a class="small" href={at('/admin/security-incidents')}>
        ← {says.back}
      </a>
      <Found query={query} title={placeWords.securityIncidents}>
        {({ incident, orgs, timeline }) => (
          <>
            <Heading
              title={incident.title}
              {...(incident.becauseClaim === null ? {} : { text: says.becauseClaim(incident.becauseClaim) })}
            />
            <div class="facts-line muted small">
              <StatusMark {...toIncidentState(incident)} />
              <span>
                {says.severity}: {instanceSecurityWords.severities[incident.severity]}
              </span>
              <span>
                {says.scope}: {says.scopes[incident.scope]}
              </span>
              <span>
                {says.told}: {says.toldOf(incident.told, incident.affected)}
              </span>
              {incident.tellDueAt === null ? null : (
                <span>
                  {says.due}: <ExactMoment at={incident.tellDueAt} />
                </span>
              )}
            </div>
            {incident.data === '' ? null : (
              <p>
                <strong>{says.data}:</strong> {incident.data}
              </p>
            )}
            {incident.closedBecause === null ? null : (
              <p class="muted">
                {says.closedBecause} {incident.closedBecause}
              </p>
            )}
            <IncidentSteps incident={incident} orgs={orgs} />
            <Section title={says.timeline} text={says.timelineText}>
              <Timeline
                label={says.timeline}
                moments={timeline.map(({ at: when, action, actor, seq }) => ({
                  id: String(seq),
                  at: when,
                  tone: 'unknown',
                  title: action,
                  ...(actor === null ? {} : { who: actor }),
                }))}
              />
            </Section>
          </>
        )}
      </Found>
    </>
  )
}
