import { useEffect, useRef, useState } from 'preact/hooks'
import { toSentence } from '../to-sentence.ts'
import type uPlot from 'uplot'
import { toNumber } from '../number-format.ts'
import { useTheme } from '../theme.ts'
import { words } from '../words.ts'
import { inZone } from '../zone.ts'
import { partsWords } from '../words/parts-words.ts'
import { type Band, drawChart } from './draw-chart.ts'
import { TimeTable } from './time-table.tsx'

const says = partsWords.chart

export type ChartSeries = {
  readonly name: string
  /** One value per time; null values break the line. */
  readonly values: readonly (number | null)[]
  /** Stacked on the series before it, like the phases of one request. */
  readonly isStacked?: true
}

export type TimeChartProps = {
  readonly label: string
  /** Unix milliseconds, ascending. */
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  /** Shown for each point but not drawn: its number of observations. */
  readonly counts?: readonly ChartSeries[]
  /** Formats a value with its unit. */
  readonly format: (value: number) => string
  /** Outages, maintenance or regimes, drawn behind the lines. */
  readonly bands?: readonly Band[]
  readonly heightPixels?: number
  /** False if only changes matter, as for prices: the axis then starts near the smallest value. */
  readonly isFromZero?: boolean
}

/** A chart of values over time, with an equivalent table for screen readers. */
export function TimeChart(props: TimeChartProps) {
  const {
    label,
    times,
    series,
    counts = [],
    bands = [],
    heightPixels = 240,
    format,
    isFromZero = true,
  } = props
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | undefined>(undefined)
  const theme = useTheme()
  const [state, setState] = useState<'drawing' | 'drawn' | 'failed'>('drawing')
  const [at, setAt] = useState<number | undefined>()
  // The inspected point is kept when the chart is redrawn.
  const looked = useRef<number | undefined>(undefined)
  const [isZoomed, setIsZoomed] = useState(false)
  const [isTable, setIsTable] = useState(false)
  const isEmpty = times.length === 0
  useEffect(() => {
    const element = place.current
    if (element === null || isEmpty) return undefined
    let isGone = false
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const point = (index: number | undefined): void => {
      looked.current = index === undefined ? undefined : times[index]
      setAt(index)
    }
    const draw = async (): Promise<void> => {
      try {
        const drawn = await drawChart(element, {
          ...props,
          counts,
          bands,
          heightPixels,
          isFromZero,
          lookedAtMs: looked.current,
          onPoint: point,
          onZoom: setIsZoomed,
        })
        if (isGone) return drawn.destroy()
        chart.current?.destroy()
        chart.current = drawn
        setState('drawn')
      } catch (error) {
        setState('failed')
        throw error
      }
    }
    const redraw = (): void => void draw()
    redraw()
    scheme.addEventListener('change', redraw)
    const size = new ResizeObserver(() =>
      chart.current?.setSize({ width: element.clientWidth, height: heightPixels }),
    )
    size.observe(element)
    return () => {
      isGone = true
      scheme.removeEventListener('change', redraw)
      size.disconnect()
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [times, series, bands, theme, isEmpty])
  if (isEmpty) return <p class="chart-empty muted">{says.empty}</p>
  const move = (step: number): void => {
    const last = times.length - 1
    // The first key press shows the newest point, or the end that the key names.
    const wanted = at === undefined && Number.isFinite(step) ? last : (at ?? last) + step
    const next = Math.max(0, Math.min(last, wanted))
    const drawn = chart.current
    if (drawn === undefined) return
    const [time, value] = [times[next] ?? 0, series[0]?.values[next] ?? 0]
    drawn.setCursor({ left: drawn.valToPos(time / 1_000, 'x'), top: drawn.valToPos(value, 'y') })
    looked.current = time
    setAt(next)
  }
  return (
    <figure class="time-chart" aria-label={label}>
      <div
        ref={place}
        class="time-chart-place"
        role="slider"
        tabIndex={0}
        aria-label={`${toSentence(label)}${says.hint}`}
        aria-valuemin={0}
        aria-valuemax={times.length - 1}
        aria-valuenow={at ?? times.length - 1}
        aria-valuetext={sayPoint(props, at ?? times.length - 1)}
        style={{ minHeight: `${heightPixels}px` }}
        onKeyDown={(event) => {
          const step = {
            ArrowLeft: -1,
            ArrowRight: 1,
            PageUp: -10,
            PageDown: 10,
            Home: -Infinity,
            End: Infinity,
          }[event.key]
          if (step === undefined) return
          event.preventDefault()
          move(step)
        }}
      >
        {state === 'drawing' ? <p class="muted small">{says.loading}</p> : null}
        {state === 'failed' ? <p class="complaint">{says.failed}</p> : null}
      </div>
      <figcaption class="time-chart-foot small">
        <span class="legend">
          {at === undefined ? null : <span class="muted">{toTime(times[at] ?? 0)}</span>}
          {series.map(({ name, values }, index) => (
            <span key={name}>
              <span class={`swatch series-${index + 1}`} aria-hidden="true" />
              {name}
              {at === undefined ? null : <strong>{toShown(values[at], format)}</strong>}
            </span>
          ))}
          {at === undefined
            ? null
            : counts.map(({ name, values }) => (
                <span key={name} class="muted">
                  {name} <strong>{toNumber(values[at] ?? 0)}</strong>
                </span>
              ))}
          {[...new Map(bands.map((band) => [band.name, band])).values()].map(({ name, tone }) => (
            <span key={name}>
              <span class={`swatch band ${tone}`} aria-hidden="true" />
              {name}
            </span>
          ))}
        </span>
        <span class="actions">
          {isZoomed ? (
            <button type="button" class="link" onClick={() => zoomOut(chart.current, times)}>
              {says.reset}
            </button>
          ) : null}
          <button type="button" class="link" aria-expanded={isTable} onClick={() => setIsTable(!isTable)}>
            {isTable ? says.hideTable : says.asTable}
          </button>
        </span>
      </figcaption>
      {isTable || state === 'failed' ? <TimeTable {...props} bands={bands} /> : null}
    </figure>
  )
}

function zoomOut(chart: uPlot | undefined, times: readonly number[]): void {
  chart?.setScale('x', { min: (times[0] ?? 0) / 1_000, max: (times.at(-1) ?? 0) / 1_000 })
}

function sayPoint({ times, series, counts = [], format }: TimeChartProps, at: number): string {
  const values = series.map(({ name, values: all }) => `${name} ${toShown(all[at], format)}`)
  const said = counts.map(({ name, values: all }) => `${name} ${toNumber(all[at] ?? 0)}`)
  return [toTime(times[at] ?? 0), ...values, ...said].join(', ')
}

export function toShown(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? words.none : format(value)
}

export const toTime = inZone({ dateStyle: 'medium', timeStyle: 'medium' })
