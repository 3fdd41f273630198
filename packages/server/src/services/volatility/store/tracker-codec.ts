import type { WindowState } from '../domain/rolling-moments.ts'
import type { Machine, TrackerState } from '../domain/series-tracker.ts'

type Coded = Omit<TrackerState, 'machines'>

/** Version number of the byte format. */
const form = 1
/** The numbers of a state that are not in its windows. */
const numbersBesides = 16

/** Encodes the windows and counts of a series as little-endian doubles; NaN stands for missing values. */
export function encodeTracker({ series, estimators, reading, lastZ, readyMs, cursorMs, har }: Coded): Buffer {
  const windows = [series.returns, series.rvs, ...windowNames.map((name) => estimators[name]), har]
  const numbers = new Float64Array(
    windows.reduce((sum, window) => sum + (window === null ? 0 : window.values.length + 2), numbersBesides),
  )
  let at = 0
  const put = (value: number | null): void => {
    numbers[at] = value ?? Number.NaN
    at += 1
  }
  const putWindow = ({ count, values }: WindowState): void => {
    put(count)
    put(values.length)
    numbers.set(values, at)
    at += values.length
  }
  put(form)
  for (const value of [cursorMs, readyMs, lastZ, reading?.openMs ?? null, reading?.close ?? null]) put(value)
  for (const name of readingNames) put(reading?.[name] ?? null)
  put(series.lastOpenMs)
  put(series.lastClose)
  put(series.bars)
  putWindow(series.returns)
  putWindow(series.rvs)
  for (const name of windowNames) putWindow(estimators[name])
  put(estimators.lastClose)
  put(estimators.ewma.count)
  put(estimators.ewma.value)
  // Only if a forecast is used, so that other series stay as small as before.
  if (har !== null) putWindow(har)
  return Buffer.from(numbers.buffer)
}

/** Throws if the bytes have another format or are truncated. */
export function decodeTracker(bytes: Buffer, machines: readonly Machine[]): TrackerState {
  // Copied, because a Float64Array has to start at a multiple of eight bytes.
  const numbers = new Float64Array(Uint8Array.from(bytes).buffer)
  let at = 0
  const number = (): number => {
    const value = numbers[at]
    if (value === undefined) throw new Error('The state of a series ends too early')
    at += 1
    return value
  }
  const maybe = (): number | null => {
    const value = number()
    return Number.isNaN(value) ? null : value
  }
  const window = (): WindowState => {
    const count = number()
    const kept = number()
    if (at + kept > numbers.length) throw new Error('The state of a series ends too early')
    at += kept
    return { count, values: numbers.slice(at - kept, at) }
  }
  if (number() !== form) throw new Error('The state of a series has a form that this version does not know')
  const [cursorMs, readyMs, lastZ, openMs, close] = [maybe(), maybe(), maybe(), maybe(), maybe()]
  const [rv, baseline, sigma, z] = [maybe(), maybe(), maybe(), maybe()]
  const reading = openMs === null || close === null ? null : { openMs, close, rv, baseline, sigma, z }
  const series = { lastOpenMs: maybe(), lastClose: maybe(), bars: number(), returns: window(), rvs: window() }
  const estimators = {
    parkinson: window(),
    garmanKlass: window(),
    rogersSatchell: window(),
    overnight: window(),
    openToClose: window(),
    adjacentRogersSatchell: window(),
    lastClose: maybe(),
    ewma: { count: number(), value: number() },
  }
  const har = at < numbers.length ? window() : null
  return { series, estimators, reading, lastZ, readyMs, cursorMs, har, machines }
}

const readingNames = ['rv', 'baseline', 'sigma', 'z'] as const
const windowNames = [
  'parkinson',
  'garmanKlass',
  'rogersSatchell',
  'overnight',
  'openToClose',
  'adjacentRogersSatchell',
] as const
