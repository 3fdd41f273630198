import type { MaintenanceWindow, NewMaintenanceWindow, Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { ExactMoment } from '../moment.tsx'
import { Complaint } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toExact } from '../to-exact.ts'
import { maintenanceWords as says } from '../words/maintenance-words.ts'
import { describeRecurrence } from './describe-recurrence.ts'
import { isSeries } from './recurrence.ts'
import { stateTones } from './state-tones.ts'

const { maintenanceWindows } = gatehouse.uptime

export function WindowList({
  title,
  windows,
  pages,
  onChange,
}: {
  readonly title: string
  readonly windows: readonly MaintenanceWindow[]
  readonly pages: readonly Service[]
  /** Without it, the list is read-only. */
  readonly onChange: ((window: MaintenanceWindow) => void) | undefined
}) {
  if (windows.length === 0) return null
  return (
    <Section title={title}>
      <ul class="list" aria-label={title}>
        {windows.map((window) => (
          <li key={window.id}>
            <StatusMark tone={stateTones[window.state]} text={says.states[window.state]} />
            <div class="grow">
              <span class="name">{window.title ?? says.untitled}</span>
              <div class="muted small">
                {isSeries(window) ? describeRecurrence(window) : <Span window={window} />}
              </div>
              <div class="small covered">
                <Covered window={window} pages={pages} />
              </div>
              {window.nextOccurrences.length === 0 ? null : (
                <NextTimes window={window} mayWrite={onChange !== undefined} />
              )}
            </div>
            {onChange === undefined || (window.state === 'over' && !isSeries(window)) ? null : (
              <Deeds window={window} onChange={onChange} />
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Span({ window }: { readonly window: MaintenanceWindow }) {
  return (
    <>
      <ExactMoment at={window.startsAt} /> –{' '}
      {window.autoResolve || window.endedAt !== null ? (
        <ExactMoment at={window.endedAt ?? window.endsAt} />
      ) : (
        says.untilEnded
      )}
      {window.endedAt !== null && window.endedAt < window.endsAt ? `${says.comma}${says.endedEarly}` : null}
    </>
  )
}

/** Each can be left out by itself; whoever takes that back has it planned alone. */
function NextTimes({ window, mayWrite }: { readonly window: MaintenanceWindow; readonly mayWrite: boolean }) {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['maintenance'] })
  const skip = useMutation({
    mutationFn: ({ id }: Time) => maintenanceWindows.delete(id),
    onSuccess: (_done, time) => {
      showToast(
        says.skipped(toExact(time.startsAt)),
        () => void maintenanceWindows.create({ ...toSame(window), ...toSpan(time) }).then(settle, settle),
      )
      return settle()
    },
  })
  const title = window.title ?? says.untitled
  return (
    <ul class="next-times" aria-label={says.nextTimes(title)}>
      {window.nextOccurrences.map((time) => (
        <li key={time.id}>
          <ExactMoment at={time.startsAt} />
          {mayWrite ? (
            <button
              type="button"
              class="quiet"
              aria-label={says.skipThis(title, toExact(time.startsAt))}
              disabled={skip.isPending}
              onClick={() => skip.mutate(time)}
            >
              {says.skip}
            </button>
          ) : null}
        </li>
      ))}
      <Complaint error={skip.error} />
    </ul>
  )
}

type Time = MaintenanceWindow['nextOccurrences'][number]

function toSpan({ startsAt, endsAt }: Time) {
  return { startsAt, endsAt }
}

function Covered({
  window,
  pages,
}: {
  readonly window: MaintenanceWindow
  readonly pages: readonly Service[]
}) {
  if (window.scope === 'all') return <span>{says.allMonitors}</span>
  if (window.scope === 'service') {
    const page = pages.find(({ id }) => id === window.serviceId)
    return page === undefined ? null : (
      <a href={at(`/uptime/status-pages/${page.id}`)}>{says.ofPage(page.name)}</a>
    )
  }
  return (
    <>
      {window.monitors.map(({ id, name }) => (
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
  const isPlanned = window.state === 'planned' || isSeries(window)
  const end = useMutation({
    mutationFn: () => maintenanceWindows.delete(window.id),
    onSuccess: () => {
      if (!isPlanned) {
        showToast(says.ended(title))
        return Promise.all([settle(), queries.invalidateQueries({ queryKey: ['monitors'] })])
      }
      showToast(
        says.cancelled(title),
        () => void maintenanceWindows.create(toWhole(window)).then(settle, settle),
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

/** The body that plans the same maintenance again; a recurring one from its next time on. */
function toWhole(window: MaintenanceWindow): NewMaintenanceWindow {
  const { rrule, cron, durationMinutes, timeZone, startsAt, endsAt, autoResolve, nextOccurrences } = window
  if (!isSeries(window)) return { ...toSame(window), startsAt, endsAt, autoResolve }
  return {
    ...toSame(window),
    startsAt: nextOccurrences[0]?.startsAt ?? startsAt,
    ...(rrule === null ? {} : { rrule }),
    ...(cron === null ? {} : { cron }),
    ...(durationMinutes === null ? {} : { durationMinutes }),
    ...(timeZone === null ? {} : { timeZone }),
  }
}

function toSame({ title, scope, monitorIds, serviceId, notify }: MaintenanceWindow) {
  return {
    scope,
    notify,
    ...(title === null ? {} : { title }),
    ...(scope === 'monitors' ? { monitorIds } : {}),
    ...(serviceId === null ? {} : { serviceId }),
  }
}
