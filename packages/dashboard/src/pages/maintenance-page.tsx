import type { MaintenanceWindow } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { useLive } from '../live/use-live.ts'
import { MonthCalendar } from '../maintenance/month-calendar.tsx'
import { isSeries } from '../maintenance/recurrence.ts'
import { WindowForm } from '../maintenance/window-form.tsx'
import { WindowList } from '../maintenance/window-list.tsx'
import { Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { maintenanceWords as says } from '../words/maintenance-words.ts'

const { maintenanceWindows, services } = gatehouse.uptime
const pollMs = 15_000

export function MaintenancePage() {
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const [edited, setEdited] = useState<MaintenanceWindow | 'new'>()
  const query = useQuery({
    queryKey: ['maintenance'],
    queryFn: ({ signal }) => maintenanceWindows.list({ signal }),
    ...useLive(['maintenance'], pollMs),
  })
  const pages =
    useQuery({ queryKey: ['services'], queryFn: ({ signal }) => services.list({ signal }) }).data ?? []
  const plan = mayWrite ? (
    <button type="button" class="primary" onClick={() => setEdited('new')}>
      {says.plan}
    </button>
  ) : null
  const onChange = mayWrite ? setEdited : undefined
  return (
    <>
      <Heading title={says.title} text={says.text}>
        {plan}
      </Heading>
      <Found query={query}>
        {(windows) => {
          const of = (state: MaintenanceWindow['state']): readonly MaintenanceWindow[] =>
            windows.filter((window) => window.state === state && !isSeries(window))
          const recurring = windows.filter(isSeries)
          const lists = (
            <>
              {of('active').length + of('planned').length + recurring.length === 0 ? (
                <EmptyState title={says.none} text={says.noneText}>
                  {plan}
                </EmptyState>
              ) : null}
              <WindowList title={says.active} windows={of('active')} pages={pages} onChange={onChange} />
              <WindowList
                title={says.planned}
                windows={of('planned').toReversed()}
                pages={pages}
                onChange={onChange}
              />
              <WindowList title={says.recurring} windows={recurring} pages={pages} onChange={onChange} />
              <WindowList title={says.over} windows={of('over')} pages={pages} onChange={undefined} />
            </>
          )
          if (windows.length === 0) return lists
          const open = (id: string): void => setEdited(windows.find((window) => window.id === id))
          return (
            <div class="maintenance-page">
              <div>{lists}</div>
              <MonthCalendar onOpen={mayWrite ? open : undefined} />
            </div>
          )
        }}
      </Found>
      {edited === undefined ? null : (
        <WindowForm
          window={edited === 'new' ? undefined : edited}
          services={pages}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  )
}
