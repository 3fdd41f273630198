import type { Monitor, ResponseTimes, Uptime } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'preact/hooks'
import { useLive } from '../live/use-live.ts'
import { toNumber } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { Segments } from '../parts/choices.tsx'
import { TimeChart } from '../parts/time-chart.tsx'
import { WhenSeen } from '../parts/when-seen.tsx'
import { gatehouse } from '../session.ts'
import { toSpan } from '../to-ago.ts'
import { responseWords as says } from '../words/response-words.ts'
import { spanWords } from '../words/span-words.ts'
import { type Figure, toBands, toResponseChart } from './to-response-chart.ts'

const dayMs = 86_400_000
const spans = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs, quarter: 90 * dayMs } as const
type SpanName = keyof typeof spans
const spanNames = ['day', 'week', 'month', 'quarter'] as const
const figures = ['mean', 'p95'] as const
const pollMs = 60_000

type Props = { readonly monitor: Monitor; readonly intervals: NonNullable<Uptime['intervals']> }

/** Response times by phase, with outages and maintenance. */
export function ResponseSection({ monitor, intervals }: Props) {
  const [span, setSpan] = useState<SpanName>('day')
  const [figure, setFigure] = useState<Figure>('mean')
  return (
    <section>
      <header class="response-head">
        <h2>{says.title}</h2>
        <div class="actions">
          <Segments
            label={says.figure}
            options={figures.map((value) => ({ value, text: says.figures[value] }))}
            value={figure}
            onChoose={setFigure}
          />
          <Segments
            label={says.span}
            options={spanNames.map((value) => ({ value, text: says.spans[value] }))}
            value={span}
            onChoose={setSpan}
          />
        </div>
      </header>
      <WhenSeen>
        <Shown monitor={monitor} intervals={intervals} span={span} figure={figure} />
      </WhenSeen>
    </section>
  )
}

function Shown({
  monitor: { id, name },
  intervals,
  span,
  figure,
}: Props & { readonly span: SpanName; readonly figure: Figure }) {
  // For minute-wide points every check is a change; for hour-wide ones, only outages and maintenance are.
  const live = useLive(
    span === 'day' ? ['checks', 'incidents', 'maintenance'] : ['incidents', 'maintenance'],
    pollMs,
  )
  const query = useQuery({
    ...live,
    queryKey: ['monitors', id, 'response-times', span],
    queryFn: ({ signal }) => {
      const now = Date.now()
      // Both ends use one clock: by the time the server answers it is later, and its limit is 90 days.
      const asked = { from: toIso(now - spans[span]), to: toIso(now) }
      return gatehouse.uptime.monitors.responseTimes(id, asked, { signal })
    },
  })
  return (
    <Found query={query}>
      {(told) => (
        <Chart label={says.label(name, says.spans[span])} told={told} intervals={intervals} figure={figure} />
      )}
    </Found>
  )
}

function Chart({
  label,
  told,
  intervals,
  figure,
}: {
  readonly label: string
  readonly told: ResponseTimes
  readonly intervals: Props['intervals']
  readonly figure: Figure
}) {
  const drawn = useMemo(() => toResponseChart(told, figure), [told, figure])
  const bands = useMemo(
    () => toBands(intervals, Date.parse(told.from), Date.parse(told.to)),
    [told, intervals],
  )
  if (drawn.series.length === 0) return <p class="muted">{says.none}</p>
  return (
    <>
      <p class="muted small">
        {figure === 'mean' ? says.text : says.p95Text} {says.every(toSpan(told.bucketSeconds * 1_000))}
      </p>
      <TimeChart label={label} {...drawn} bands={bands} format={toTaken} />
    </>
  )
}

const toIso = (ms: number): string => new Date(ms).toISOString()

/** Formats a duration given in milliseconds. */
function toTaken(ms: number): string {
  return ms < 10_000
    ? spanWords.milliseconds(toNumber(Math.round(ms * 10) / 10))
    : spanWords.seconds(toNumber(Math.round(ms / 100) / 10))
}
