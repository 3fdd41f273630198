import { useQuery } from '@tanstack/react-query'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { AddMonitor } from '../add-monitor.tsx'
import { at, instanceUrl } from '../at.ts'
import { Section } from '../controls.tsx'
import { useLive } from '../live/use-live.ts'
import { firstCheckPollMs, isFirstCheckAwaited } from '../monitor-state.ts'
import { toNumber } from '../number-format.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { gatehouse, type Person } from '../session.ts'
import { overviewWords as says } from '../words/overview-words.ts'
import { keepAllDone, keepSkipped, readSkipped, wasAllDone, type Step, steps } from './skipped-steps.ts'

const { monitors, channels, services } = gatehouse.uptime
const everyMs = 30_000

/** What is not set up yet, until everything is done or skipped. What was skipped comes back on request. */
export function FirstRun({ person: { teamId } }: { readonly person: Person }) {
  const [skipped, setSkipped] = useState(readSkipped(teamId))
  const skip = (next: readonly Step[]): void => {
    keepSkipped(teamId, next)
    setSkipped(next)
  }
  const isBehind = wasAllDone(teamId)
  const done = useDone(isBehind ? steps : skipped)
  if (done === undefined || isBehind) return null
  if (done.size === steps.length) keepAllDone(teamId)
  const open = steps.filter((step) => !skipped.includes(step))
  const isOver = open.every((step) => done.has(step))
  const hidden = skipped.filter((step) => !done.has(step))
  if (isOver && hidden.length === 0) return null
  return (
    <Section title={says.first} {...(isOver ? {} : { text: says.firstText })}>
      {isOver ? null : (
        <ol class="list" aria-label={says.first}>
          {open.map((step) => (
            <StepRow key={step} step={step} isDone={done.has(step)} onSkip={() => skip([...skipped, step])} />
          ))}
        </ol>
      )}
      {hidden.length === 0 ? null : (
        <button type="button" class="link" onClick={() => skip([])}>
          {says.bringBack(toNumber(hidden.length))}
        </button>
      )}
    </Section>
  )
}

/** Asks only while there is something that is not skipped. */
function useDone(skipped: readonly Step[]): ReadonlySet<Step> | undefined {
  const enabled = skipped.length < steps.length
  const live = useLive(['monitors'], everyMs)
  const watched = useQuery({
    ...live,
    queryKey: ['monitors'],
    queryFn: ({ signal }) => monitors.list({}, { signal }),
    enabled,
    refetchInterval: ({ state }) =>
      state.data?.monitors.some((monitor) => isFirstCheckAwaited(monitor)) === true
        ? firstCheckPollMs
        : live.refetchInterval,
  }).data?.monitors
  const told = useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) => channels.list({ signal }),
    enabled,
  }).data
  const pages = useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => services.list({ signal }),
    enabled,
  }).data
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => gatehouse.platform.apiKeys.list({ signal }),
    enabled,
  }).data
  if (!enabled) return new Set()
  if (watched === undefined || told === undefined || pages === undefined || keys === undefined)
    return undefined
  const isDone: Readonly<Record<Step, boolean>> = {
    monitor: watched.length > 0,
    check: watched.some(({ lastCheckedAt }) => lastCheckedAt !== null),
    destination: told.some(({ verified }) => verified === 1),
    page: pages.some(({ isPublic }) => isPublic === 1),
    key: keys.length > 0,
  }
  return new Set(steps.filter((step) => isDone[step]))
}

function StepRow({
  step,
  isDone,
  onSkip,
}: {
  readonly step: Step
  readonly isDone: boolean
  readonly onSkip: () => void
}) {
  const [title, text] = says.steps[step]
  return (
    <li>
      <StatusMark tone={isDone ? 'ok' : 'unknown'} text={isDone ? says.done : says.open} />
      <div class="grow step">
        <span class="name">{title}</span>
        {isDone ? null : (
          <>
            <div class="muted small">{text}</div>
            {acts[step]?.()}
          </>
        )}
      </div>
      {isDone ? null : (
        <button type="button" class="quiet" aria-label={`${says.skip}: ${title}`} onClick={onSkip}>
          {says.skip}
        </button>
      )}
    </li>
  )
}

const acts: Readonly<Partial<Record<Step, () => ComponentChildren>>> = {
  monitor: () => <AddMonitor />,
  destination: () => <a href={at('/alerts')}>{says.go.destination}</a>,
  page: () => <a href={at('/uptime/status-pages')}>{says.go.page}</a>,
  key: () => (
    <>
      <CopyField
        name={says.steps.key[0]}
        text={`curl ${instanceUrl}/api/v1/monitors -H "authorization: Bearer $KEY"`}
      />
      <a href={at('/keys')}>{says.go.key}</a>
    </>
  ),
}
