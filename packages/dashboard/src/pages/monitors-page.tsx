import type { Monitor } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { AddMonitor } from '../add-monitor.tsx'
import { at } from '../at.ts'
import { useLive } from '../live/use-live.ts'
import { firstCheckPollMs, isFirstCheckAwaited, toShownStatus } from '../monitor-state.ts'
import { useLeaving } from '../monitors/leaving.ts'
import { Ago, Badge, Complaint, Empty, Found, Heading } from '../parts.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { TargetConfirmation } from '../target-confirmation.tsx'
import { words } from '../words.ts'

const { monitors } = gatehouse.uptime
const pollMs = 15_000

export function MonitorsPage() {
  const [search, setSearch] = useState('')
  const leaving = useLeaving()
  const live = useLive(['monitors', 'maintenance', 'checks'], pollMs)
  const query = useQuery({
    ...live,
    queryKey: ['monitors'],
    queryFn: ({ signal }) => monitors.list({}, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.monitors.some((monitor) => isFirstCheckAwaited(monitor)) === true
        ? firstCheckPollMs
        : live.refetchInterval,
  })
  return (
    <>
      <Heading title={words.monitors.title} text={words.monitors.text} />
      <TargetConfirmation />
      <AddMonitor />
      <Found query={query}>
        {({ monitors: all }) =>
          all.length === 0 ? (
            <Empty title={words.monitors.empty} text={words.monitors.emptyText} />
          ) : (
            <>
              <input
                class="search"
                type="search"
                data-search
                aria-label={words.monitors.search}
                placeholder={words.monitors.search}
                value={search}
                onInput={(event) => setSearch(event.currentTarget.value)}
              />
              <MonitorTable
                monitors={all.filter((monitor) => !leaving.has(monitor.id) && isMatch(monitor, search))}
              />
            </>
          )
        }
      </Found>
    </>
  )
}

function MonitorTable({ monitors: shown }: { readonly monitors: readonly Monitor[] }) {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['monitors'] })
  const change = useMutation({
    mutationFn: ({ id, isActive }: Monitor) => (isActive === 1 ? monitors.pause(id) : monitors.resume(id)),
    onSuccess: (_, { id, name, isActive }) => {
      if (isActive === 1)
        showToast(words.monitors.paused(name), () => void monitors.resume(id).then(settle, settle))
      return settle()
    },
  })
  if (shown.length === 0) return <Empty title={words.monitors.noMatch} text={words.monitors.noMatchText} />
  return (
    <>
      <Complaint error={change.error} />
      <ul class="list" aria-label={words.monitors.title}>
        {shown.map((monitor) => (
          <li key={monitor.id}>
            <Badge status={toShownStatus(monitor)} />
            <div class="grow">
              <a class="name" href={at(`/uptime/monitors/${monitor.id}`)}>
                {monitor.name}
              </a>
              <div class="muted small cut">{monitor.lastErrorMessage ?? toTarget(monitor)}</div>
            </div>
            <span class="figure optional">
              {monitor.lastResponseMs === null ? words.none : `${monitor.lastResponseMs} ms`}
            </span>
            <span class="muted small optional">
              <Ago at={monitor.lastCheckedAt} />
            </span>
            <PauseButton monitor={monitor} isBusy={change.isPending} onPress={() => change.mutate(monitor)} />
          </li>
        ))}
      </ul>
    </>
  )
}

function PauseButton({
  monitor: { name, isActive },
  isBusy,
  onPress,
}: {
  readonly monitor: Monitor
  readonly isBusy: boolean
  readonly onPress: () => void
}) {
  const label = isActive === 1 ? words.monitors.pause : words.monitors.resume
  return (
    <button type="button" class="quiet" aria-label={`${label}: ${name}`} disabled={isBusy} onClick={onPress}>
      {label}
    </button>
  )
}

function isMatch(monitor: Monitor, search: string): boolean {
  return `${monitor.name} ${toTarget(monitor)}`.toLowerCase().includes(search.trim().toLowerCase())
}

function toTarget({ type, shownTarget }: Monitor): string {
  return shownTarget ?? type
}
