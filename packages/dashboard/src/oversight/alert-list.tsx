import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { at } from '../at.ts'
import { useLive } from '../live/use-live.ts'
import { Moment } from '../moment.tsx'
import { Complaint, Found } from '../parts.tsx'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { oversightWords } from '../words/oversight-words.ts'
import { reviewWords } from '../words/review-words.ts'
import { type Alert, oversight } from './oversight-calls.ts'

const says = reviewWords.alerts
const everyMs = 30_000
const shownMost = 5

const tones: Readonly<Record<Alert['severity'], Tone>> = { low: 'unknown', medium: 'degraded', high: 'down' }

export function SeverityMark({ severity }: { readonly severity: Alert['severity'] }) {
  return <StatusMark tone={tones[severity]} text={says.severities[severity]} />
}

/** An alert's text and subject in the user's language. */
export function AlertWords({ alert }: { readonly alert: Alert }) {
  const { operator_id: id, domain, contested } = alert
  return (
    <>
      <strong class="block alert-name">{says.kinds[alert.kind]}</strong>
      <span class="muted small">
        {[
          ...(domain === null ? [] : [oversightWords.domains[domain]]),
          ...(contested ? [says.contested] : []),
        ].join(' · ')}
        {id === null ? null : (
          <>
            {' '}
            <a href={at(`/oversight/operators/${encodeURIComponent(id)}`)}>{id}</a>
          </>
        )}
      </span>
    </>
  )
}

export function Acknowledge({ alert }: { readonly alert: Alert }) {
  const queries = useQueryClient()
  const acknowledge = useMutation({
    mutationFn: () => oversight.alerts.acknowledge(alert.alert_id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['oversight-alerts'] }),
  })
  if (alert.state !== 'open') return null
  return (
    <>
      <button type="button" disabled={acknowledge.isPending} onClick={() => acknowledge.mutate()}>
        {says.acknowledge}
      </button>
      <Complaint error={acknowledge.error} />
    </>
  )
}

/** The newest alerts that nobody has acknowledged. */
export function AlertList({ state }: { readonly state: 'open' }) {
  const query = useQuery({
    queryKey: ['oversight-alerts', state, shownMost],
    queryFn: ({ signal }) => oversight.alerts.list({ state, limit: shownMost }, { signal }),
    ...useLive(['alerts'], everyMs),
  })
  return (
    <Found query={query}>
      {({ alerts }) =>
        alerts.length === 0 ? (
          <p class="muted">{oversightWords.org.noAlerts}</p>
        ) : (
          <ul class="list">
            {alerts.map((alert) => (
              <li key={alert.alert_id}>
                <SeverityMark severity={alert.severity} />
                <div class="grow">
                  <AlertWords alert={alert} />
                </div>
                <span class="muted small">
                  <Moment at={alert.opened_at} />
                </span>
                <Acknowledge alert={alert} />
              </li>
            ))}
          </ul>
        )
      }
    </Found>
  )
}
