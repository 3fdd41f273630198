import type { Channel } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { AddMonitor } from '../add-monitor.tsx'
import { at, instanceUrl } from '../at.ts'
import { Section } from '../controls.tsx'
import { useLive } from '../live/use-live.ts'
import { firstCheckPollMs, isFirstCheckAwaited } from '../monitor-state.ts'
import { toNumber } from '../number-format.ts'
import { HeartbeatPanel } from '../monitors/heartbeat-panel.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { gatehouse, type Person } from '../session.ts'
import { overviewWords as says } from '../words/overview-words.ts'
import { FirstDestination } from './first-destination.tsx'
import { keepAllDone, keepSkipped, readSkipped, wasAllDone, type Step, steps } from './skipped-steps.ts'

const { monitors, channels, services } = gatehouse.uptime
const everyMs = 30_000
const watchedMax = 20

/** The remaining set-up steps, until all are done or skipped. Skipped steps can be shown again. */
export function FirstRun({ person }: { readonly person: Person }) {
  const [isJob, setIsJob] = useState(false)
  return (
    <>
      <Steps person={person} onJob={() => setIsJob(true)} />
      {/* Outside the steps, because a new monitor completes the step that opened it. */}
      {isJob ? <HeartbeatPanel onClose={() => setIsJob(false)} /> : null}
    </>
  )
}

function Steps({ person: { teamId }, onJob }: { readonly person: Person; readonly onJob: () => void }) {
  const [skipped, setSkipped] = useState(readSkipped(teamId))
  const skip = (next: readonly Step[]): void => {
    keepSkipped(teamId, next)
    setSkipped(next)
  }
  const isBehind = wasAllDone(teamId)
  const known = useKnown(isBehind ? steps : skipped)
  if (known === undefined || isBehind) return null
  const { done, channels: told } = known
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
            <StepRow
              key={step}
              step={step}
              isDone={done.has(step)}
              channels={told}
              onSkip={() => skip([...skipped, step])}
              onJob={onJob}
            />
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

type Known = { readonly done: ReadonlySet<Step>; readonly channels: readonly Channel[] }

/** Queries the set-up state, only while a step is neither done nor skipped. */
function useKnown(skipped: readonly Step[]): Known | undefined {
  const enabled = skipped.length < steps.length
  const live = useLive(['monitors'], everyMs)
  const watched = useQuery({
    ...live,
    queryKey: ['monitors', 'first-run'],
    // Those whose state says most about the steps; one page is enough to see that they are done.
    queryFn: ({ signal }) => monitors.list({ sort: 'worst', limit: watchedMax }, { signal }),
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
  if (!enabled) return { done: new Set(), channels: [] }
  if (watched === undefined || told === undefined || pages === undefined || keys === undefined)
    return undefined
  const isDone: Readonly<Record<Step, boolean>> = {
    monitor: watched.length > 0,
    check: watched.some(({ lastCheckedAt }) => lastCheckedAt !== null),
    destination: told.some(({ verified }) => verified === 1),
    page: pages.some(({ isPublic }) => isPublic === 1),
    key: keys.length > 0,
  }
  return { done: new Set(steps.filter((step) => isDone[step])), channels: told }
}

function StepRow({
  step,
  isDone,
  channels: told,
  onSkip,
  onJob,
}: {
  readonly step: Step
  readonly isDone: boolean
  readonly channels: readonly Channel[]
  readonly onSkip: () => void
  readonly onJob: () => void
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
            {acts[step]?.(onJob)}
          </>
        )}
        {/* Also shown when a channel exists, because the test is part of the step. */}
        {step === 'destination' ? <FirstDestination channels={told} /> : null}
      </div>
      {isDone ? null : (
        <button type="button" class="quiet" aria-label={`${says.skip}: ${title}`} onClick={onSkip}>
          {says.skip}
        </button>
      )}
    </li>
  )
}

const acts: Readonly<Partial<Record<Step, (onJob: () => void) => ComponentChildren>>> = {
  monitor: (onJob) => <AddMonitor onJob={onJob} />,
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
