import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { seriesNames, seriesOptions, toNamed } from '../series-options.ts'

export const volatilityRegime: Command = {
  name: 'volatility regime',
  summary: 'Say whether the volatility of symbols is low, normal or high, and since when',
  options: {
    symbols: { type: 'string', placeholder: 'NAMES', about: 'Separated by commas; unset: all' },
    ...seriesOptions,
    venue: { type: 'string', placeholder: 'NAME', about: 'Unset: the primary one of each symbol' },
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: [
    'gatehouse volatility regime',
    'gatehouse volatility regime --symbols btcusdt,ethusdt --timeframe 1h --json',
  ],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const reply = await volatility.listRegimes(
      toNamed(values, { ...seriesNames, symbols: 'symbols', venue: 'venue' }),
    )
    terminal.out(
      values['json'] === true
        ? `${JSON.stringify(reply)}\n`
        : `${reply.regimes.map((one) => toLine(one)).join('\n')}\n`,
    )
    return exitCodes.done
  },
}

type Regime = {
  readonly symbol: string
  readonly timeframe: string
  readonly regime: string | null
  readonly z_vol: number | null
  readonly seconds_in_state: number | null
  readonly status: string
  readonly bars_until_ready: number
}

function toLine({
  symbol,
  timeframe,
  regime,
  z_vol: z,
  seconds_in_state: seconds,
  status,
  bars_until_ready: bars,
}: Regime): string {
  const about = `${symbol} ${timeframe}`
  if (regime === null) return `${about}: unknown, ${bars} bars until it is known (${status})`
  const since = seconds === null ? '' : `, for ${toSpan(seconds)}`
  return `${about}: ${regime}${z === null ? '' : `, z ${z.toFixed(2)}`}${since}${status === 'stale' ? ' (stale)' : ''}`
}

function toSpan(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`
}
