import { useQuery } from '@tanstack/react-query'
import { useRoute } from 'preact-iso'
import { IncidentList } from '../incident-list.tsx'
import { useLive } from '../live/use-live.ts'
import { Ago, Found, Heading } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { words } from '../words.ts'

const pollMs = 15_000

/** Where the links of notices lead. */
export function IncidentPage() {
  const { id = '' } = useRoute().params
  const query = useQuery({
    queryKey: ['incidents', id],
    queryFn: ({ signal }) => gatehouse.uptime.incidents.get(id, { signal }),
    ...useLive(['incidents'], pollMs),
  })
  return (
    <Found query={query}>
      {(incident) => (
        <>
          <Heading title={incident.title ?? incident.monitorName ?? words.incidents.untitled} />
          <IncidentList incidents={[incident]} />
          {incident.updates.length === 0 ? null : (
            <ul class="list">
              {incident.updates.map((update) => (
                <li key={update.id}>
                  <div class="grow">{update.body}</div>
                  <span class="muted small">
                    <Ago at={update.displayAt} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Found>
  )
}
