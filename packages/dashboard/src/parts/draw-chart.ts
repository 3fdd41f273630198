import type uPlot from 'uplot'
import { toMidnight } from '../local-time.ts'
import { toClock } from '../to-clock.ts'
import { inZone, zoneInUse } from '../zone.ts'
import type { TimeChartProps } from './time-chart.tsx'

export type BandTone = 'down' | 'degraded' | 'maintenance' | 'unknown' | 'low' | 'normal' | 'high'

/** A period marked behind the lines. */
export type Band = {
  readonly fromMs: number
  readonly toMs: number
  readonly tone: BandTone
  readonly name: string
}

type Drawing = Required<TimeChartProps> & {
  /** The time of the inspected point. */
  readonly lookedAtMs: number | undefined
  /** Called with the index of the point under the pointer, or undefined. */
  readonly onPoint: (index: number | undefined) => void
  readonly onZoom: (isZoomed: boolean) => void
}

/** Loads the chart library, which other pages do not need, and draws the chart. */
export async function drawChart(place: HTMLElement, drawing: Drawing): Promise<uPlot> {
  const { default: UPlot } = await import('uplot')
  const { times, series, heightPixels, bands, format, isFromZero, lookedAtMs, onPoint, onZoom } = drawing
  const colour = readColours(place)
  const seconds = times.map((ms) => ms / 1_000)
  const [first = 0, last = 0] = [seconds[0], seconds.at(-1)]
  const columns = toColumns(series)
  const isStacked = series.some((one) => one.isStacked === true)
  const options: uPlot.Options = {
    width: place.clientWidth,
    height: heightPixels,
    legend: { show: false },
    // The time axis uses the current zone, not the browser's.
    tzDate: (second) => UPlot.tzDate(new Date(second * 1_000), zoneInUse()),
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: true } },
    scales: {
      x: { time: true },
      y: {
        range: (_chart, min, max) => {
          if (!isFromZero) return [min - (max - min) * 0.05, max + (max - min) * 0.05]
          return [Math.min(0, min), max === min ? max + 1 : max * 1.05]
        },
      },
    },
    axes: [
      toAxis(colour, { values: (_chart, at) => at.map((second) => toTick(second, last - first)) }),
      toAxis(colour, { values: (_chart, at) => at.map((value) => format(value)), size: 64 }),
    ],
    series: [
      {},
      ...series.map(({ name }, index) => ({
        label: name,
        stroke: colour(`series-${index + 1}`),
        width: 1.5,
        spanGaps: false,
        points: { show: times.length < 40 },
        ...(isStacked ? { fill: colour(`series-${index + 1}`, 0.22) } : {}),
      })),
    ],
    ...(isStacked ? { bands: toLayers(series.length) } : {}),
    hooks: {
      ready: [
        (chart) => {
          if (lookedAtMs === undefined || !times.includes(lookedAtMs)) return
          chart.setCursor({ left: chart.valToPos(lookedAtMs / 1_000, 'x'), top: 0 })
        },
      ],
      drawClear: [(chart) => drawBands(chart, bands, colour)],
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)],
      setScale: [
        (chart, key) => {
          const { min, max } = chart.scales['x'] ?? {}
          if (key === 'x') onZoom((min ?? first) > first || (max ?? last) < last)
        },
      ],
    },
  }
  place.replaceChildren()
  return new UPlot(options, [seconds, ...columns], place)
}

/** Stacked series are drawn from the top, so that each layer is visible above those below. */
function toColumns(series: TimeChartProps['series']): (number | null)[][] {
  const sums: number[] = []
  return series.map(({ values, isStacked }) =>
    values.map((value, index) => {
      if (isStacked !== true) return value
      const sum = (sums[index] ?? 0) + (value ?? 0)
      sums[index] = sum
      return value === null ? null : sum
    }),
  )
}

/** Each layer is filled down to the next one. */
function toLayers(count: number): uPlot.Band[] {
  return Array.from({ length: count - 1 }, (_, index): uPlot.Band => ({ series: [index + 2, index + 1] }))
}

type Colours = (name: string, opacity?: number) => string

function readColours(place: HTMLElement): Colours {
  const style = getComputedStyle(place)
  return (name, opacity = 1) => {
    const value = style.getPropertyValue(`--${name}`).trim()
    const alpha = Math.round(opacity * 255)
    return opacity === 1 ? value : `${value}${alpha.toString(16).padStart(2, '0')}`
  }
}

function toAxis(colour: Colours, axis: uPlot.Axis): uPlot.Axis {
  return {
    stroke: colour('soft'),
    font: readFont(),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
    ...axis,
  }
}

/** In pixels, the only unit with which the chart library can position text. */
function readFont(): string {
  const style = getComputedStyle(document.documentElement)
  const size = style.getPropertyValue('--text-12').trim()
  const pixels = Number.parseFloat(size) * (size.endsWith('rem') ? Number.parseFloat(style.fontSize) : 1)
  return `${Math.round(pixels)}px ${style.getPropertyValue('--font')}`
}

const ofMonth = inZone({ day: 'numeric', month: 'short' })
const daySeconds = 86_400

function toTick(second: number, spanSeconds: number): string {
  const ms = second * 1_000
  return spanSeconds > 3 * daySeconds || toMidnight(ms) === ms ? ofMonth(ms) : toClock(ms)
}

function drawBands(chart: uPlot, bands: readonly Band[], colour: Colours): void {
  const { ctx, bbox } = chart
  ctx.save()
  for (const { fromMs, toMs, tone } of bands) {
    const left = Math.max(bbox.left, chart.valToPos(fromMs / 1_000, 'x', true))
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(toMs / 1_000, 'x', true))
    if (right <= left) continue
    // Short periods have a minimum width, to be visible.
    const width = Math.max(right - left, 2 * devicePixelRatio)
    ctx.fillStyle = colour(`${tone}-tint`)
    ctx.fillRect(left, bbox.top, width, bbox.height)
    // The top edge distinguishes bands where tints are hard to see.
    ctx.fillStyle = colour(tone)
    ctx.fillRect(left, bbox.top, width, 3 * devicePixelRatio)
  }
  ctx.restore()
}
