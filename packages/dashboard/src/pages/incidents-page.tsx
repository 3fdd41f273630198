import { useQuery } from '@tanstack/react-query'
import { IncidentList } from '../incident-list.tsx'
import { useLive } from '../live/use-live.ts'
import { Found, Heading } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { words } from '../words.ts'

const pollMs = 15_000

export function IncidentsPage() {
  const query = useQuery({
    queryKey: ['incidents'],
    queryFn: ({ signal }) => gatehouse.uptime.incidents.list({ limit: 100 }, { signal }),
    ...useLive(['incidents'], pollMs),
  })
  return (
    <>
      <Heading title={words.incidents.title} text={words.incidents.text} />
      <Found query={query}>{({ incidents }) => <IncidentList incidents={incidents} />}</Found>
    </>
  )
}
