import type { MaintenanceWindow, Monitor, NewMaintenanceWindow, Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { ExactMoment } from '../moment.tsx'
import { Complaint } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { maintenanceWords as says } from '../words/maintenance-words.ts'

const { maintenanceWindows } = gatehouse.uptime
const tones = { active: 'maintenance', planned: 'unknown', over: 'paused' } as const

type Known = { readonly monitors: readonly Monitor[]; readonly services: readonly Service[] }

export function WindowList({
  title,
  windows,
  known,
  onChange,
}: {
  readonly title: string
  readonly windows: readonly MaintenanceWindow[]
  readonly known: Known
  /** Without it, the list is read-only. */
  readonly onChange: ((window: MaintenanceWindow) => void) | undefined
}) {
  if (windows.length === 0) return null
  return (
    <Section title={title}>
      <ul class="list" aria-label={title}>
        {windows.map((window) => (
          <li key={window.id}>
            <StatusMark tone={tones[window.state]} text={says.states[window.state]} />
            <div class="grow">
              <span class="name">{window.title ?? says.untitled}</span>
              <div class="muted small">
                <ExactMoment at={window.startsAt} /> –{' '}
                {window.autoResolve || window.endedAt !== null ? (
                  <ExactMoment at={window.endedAt ?? window.endsAt} />
                ) : (
                  says.untilEnded
                )}
                {window.endedAt !== null && window.endedAt < window.endsAt ? `, ${says.endedEarly}` : null}
              </div>
              <div class="small covered">
                <Covered window={window} known={known} />
              </div>
            </div>
            {onChange === undefined || window.state === 'over' ? null : (
              <Deeds window={window} onChange={onChange} />
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Covered({ window, known }: { readonly window: MaintenanceWindow; readonly known: Known }) {
  if (window.scope === 'all') return <span>{says.allMonitors}</span>
  if (window.scope === 'service') {
    const page = known.services.find(({ id }) => id === window.serviceId)
    return page === undefined ? null : (
      <a href={at(`/uptime/status-pages/${page.id}`)}>{says.ofPage(page.name)}</a>
    )
  }
  return (
    <>
      {known.monitors
        .filter(({ id }) => window.monitorIds.includes(id))
        .map(({ id, name }) => (
          <a key={id} href={at(`/uptime/monitors/${id}`)}>
            {name}
          </a>
        ))}
    </>
  )
}

function Deeds({
  window,
  onChange,
}: {
  readonly window: MaintenanceWindow
  readonly onChange: (window: MaintenanceWindow) => void
}) {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['maintenance'] })
  const title = window.title ?? says.untitled
  const isPlanned = window.state === 'planned'
  const end = useMutation({
    mutationFn: () => maintenanceWindows.delete(window.id),
    onSuccess: () => {
      if (!isPlanned) {
        showToast(says.ended(title))
        return Promise.all([settle(), queries.invalidateQueries({ queryKey: ['monitors'] })])
      }
      showToast(
        says.cancelled(title),
        () => void maintenanceWindows.create(toSame(window)).then(settle, settle),
      )
      return settle()
    },
  })
  return (
    <div class="actions">
      <button type="button" aria-label={`${says.change} ${title}`} onClick={() => onChange(window)}>
        {says.change}
      </button>
      {isPlanned ? (
        <button
          type="button"
          class="quiet"
          aria-label={`${says.cancel}: ${title}`}
          disabled={end.isPending}
          onClick={() => end.mutate()}
        >
          {says.cancel}
        </button>
      ) : (
        <Confirm
          label={says.endNow}
          thing={title}
          question={says.endQuestion}
          onConfirm={() => end.mutate()}
        />
      )}
      <Complaint error={end.error} />
    </div>
  )
}

/** The body that plans the same window again. */
function toSame({
  title,
  scope,
  monitorIds,
  serviceId,
  startsAt,
  endsAt,
  autoResolve,
  notify,
}: MaintenanceWindow): NewMaintenanceWindow {
  return {
    scope,
    startsAt,
    endsAt,
    autoResolve,
    notify,
    ...(title === null ? {} : { title }),
    ...(scope === 'monitors' ? { monitorIds } : {}),
    ...(serviceId === null ? {} : { serviceId }),
  }
}
