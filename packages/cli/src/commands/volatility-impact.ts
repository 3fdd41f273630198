import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { seriesNames, seriesOptions, toNamed, toPercent } from '../series-options.ts'

export const volatilityImpact: Command = {
  name: 'volatility impact',
  summary: 'Read what prices did after a symbol changed into a state, beside what they did after all bars',
  options: {
    symbol: { type: 'string', placeholder: 'NAME', about: 'Such as btcusdt', required: true },
    to: { type: 'string', placeholder: 'STATE', about: 'low, normal or high', required: true },
    days: { type: 'string', placeholder: 'DAYS', about: 'How far back; unset: 365' },
    ...seriesOptions,
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: ['gatehouse volatility impact --symbol btcusdt --to high --timeframe 1h'],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const reply = await volatility.getImpact(String(values['symbol']), {
      ...toNamed(values, { ...seriesNames, days: 'lookback_days' }),
      // Safe: the server validates it, and its error lists the allowed values.
      to: String(values['to']) as 'high',
    })
    if (values['json'] === true) {
      terminal.out(`${JSON.stringify(reply)}\n`)
      return exitCodes.done
    }
    const lines = Object.entries(reply.horizons).map(([name, { n, median, median_ci95: interval, base }]) => {
      if (median === null) return `${name}: no change to tell of`
      const sure =
        interval === undefined ? '' : ` (95%: ${toPercent(interval[0])} to ${toPercent(interval[1])})`
      const beside = base.median === null ? '' : `; all bars ${toPercent(base.median)} of ${base.n}`
      return `${name}: median ${toPercent(median)}${sure} of ${n}${beside}`
    })
    terminal.out(`${lines.join('\n')}\n`)
    if (reply.warning !== null) terminal.note(`warning: ${reply.warning}\n`)
    return exitCodes.done
  },
}
