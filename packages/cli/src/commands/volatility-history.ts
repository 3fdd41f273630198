import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { seriesNames, seriesOptions, toNamed } from '../series-options.ts'

export const volatilityHistory: Command = {
  name: 'volatility history',
  summary: 'List the changes of a symbol’s volatility, oldest first',
  options: {
    symbol: { type: 'string', placeholder: 'NAME', about: 'Such as btcusdt', required: true },
    ...seriesOptions,
    from: { type: 'string', placeholder: 'MS', about: 'From this time on, in milliseconds since 1970' },
    to: { type: 'string', placeholder: 'MS', about: 'Before this time' },
    limit: { type: 'string', placeholder: 'NUMBER', about: 'Unset: 5000' },
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: ['gatehouse volatility history --symbol btcusdt --timeframe 15m --limit 20'],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const query = toNamed(values, { ...seriesNames, from: 'from_ms', to: 'to_ms', limit: 'limit' })
    const reply = await volatility.getHistory(String(values['symbol']), query)
    if (values['json'] === true) terminal.out(`${JSON.stringify(reply)}\n`)
    else
      for (const { ts_ms: at, from, to, z_vol: z, close, reason } of reply.transitions)
        terminal.out(
          `${new Date(at).toISOString()} ${from} → ${to}, z ${z.toFixed(2)}, close ${close}${reason === 'reset' ? ' (after missing bars)' : ''}\n`,
        )
    return exitCodes.done
  },
}
