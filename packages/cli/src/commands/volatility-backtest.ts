import { exitCodes, type Command, UsageError } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { seriesNames, seriesOptions, toNamed, toPercent } from '../series-options.ts'

export const volatilityBacktest: Command = {
  name: 'volatility backtest',
  summary: 'Try a rule on stored bars: trades at the next open, costs included',
  description: 'Describes what happened; it promises nothing of what will.',
  options: {
    symbol: { type: 'string', placeholder: 'NAME', about: 'Such as btcusdt', required: true },
    rule: {
      type: 'string',
      placeholder: 'NAME',
      about: 'long_low_exit_normal, short_high_exit_normal or avoid_high',
      required: true,
    },
    ...seriesOptions,
    from: { type: 'string', placeholder: 'MS', about: 'First bar end, in milliseconds since 1970' },
    to: { type: 'string', placeholder: 'MS', about: 'Bars that end before it' },
    'fee-bps': { type: 'string', placeholder: 'NUMBER', about: 'Of each fill; unset: 10' },
    'slippage-bps': { type: 'string', placeholder: 'NUMBER', about: 'Of each fill; unset: 2' },
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: ['gatehouse volatility backtest --symbol btcusdt --timeframe 15m --rule avoid_high'],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const figures = Object.fromEntries(
      Object.entries(
        toNamed(values, {
          from: 'from_ms',
          to: 'to_ms',
          'fee-bps': 'fee_bps',
          'slippage-bps': 'slippage_bps',
        }),
      ).map(([name, text]) => [name, toNumber(name, text)]),
    )
    const chosen = {
      ...toNamed(values, seriesNames),
      symbol: String(values['symbol']),
      rule: String(values['rule']),
    }
    const reply = await volatility.runBacktest(
      // Safe: the server validates every member, and its error names the invalid one.
      { ...chosen, ...figures } as Parameters<typeof volatility.runBacktest>[0],
    )
    if (values['json'] === true) {
      terminal.out(`${JSON.stringify(reply)}\n`)
      return exitCodes.done
    }
    const { stats, replayed_bars: bars, exposure, buy_and_hold_return: held, sample_note: note } = reply
    terminal.out(
      `${stats.n_trades} trades over ${bars} bars: return ${toPercent(stats.total_return)}, largest fall ${toPercent(stats.max_drawdown)}, held ${toPercent(exposure)} of the time` +
        `${held === null ? '' : `; held throughout ${toPercent(held)}`}\n`,
    )
    if (note !== null) terminal.note(`warning: ${note}\n`)
    return exitCodes.done
  },
}

function toNumber(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${name} must be a number`)
  return value
}
