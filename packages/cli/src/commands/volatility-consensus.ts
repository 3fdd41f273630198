import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { seriesNames, seriesOptions, toNamed } from '../series-options.ts'

export const volatilityConsensus: Command = {
  name: 'volatility consensus',
  summary: 'Read what the venues agree on about a symbol, each by its own bars',
  options: {
    symbol: { type: 'string', placeholder: 'NAME', about: 'Such as btcusdt', required: true },
    ...seriesOptions,
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: ['gatehouse volatility consensus --symbol btcusdt --timeframe 15m'],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const reply = await volatility.getConsensus(String(values['symbol']), toNamed(values, seriesNames))
    if (values['json'] === true) {
      terminal.out(`${JSON.stringify(reply)}\n`)
      return exitCodes.done
    }
    const { consensus, agreed, available, reason, venues } = reply
    const lines = Object.entries(venues).map(
      ([name, { regime, error }]) =>
        `${name}: ${error === null ? (regime ?? 'unknown') : error.replaceAll('_', ' ')}`,
    )
    terminal.out(
      `${consensus ?? 'no consensus'}: ${agreed} of ${available}, ${reason.replaceAll('_', ' ')}\n${lines.join('\n')}\n`,
    )
    return exitCodes.done
  },
}
