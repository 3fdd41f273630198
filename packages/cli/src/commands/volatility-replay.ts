import { type Command, exitCodes } from '../command.ts'
import { marketOptions, withMarkets } from '../volatility-markets.ts'

export const volatilityReplay: Command = {
  name: 'volatility replay',
  summary: 'Go through the stored bars of a symbol once more, and say whether they give what is stored',
  description:
    'Windows, machines and changes are held beside each other to the last bit, for each venue and timeframe. Where the\n' +
    'first bars are no longer kept, it begins at the checkpoint after them. It changes nothing, and works while the server\n' +
    'runs. The exit code is 1 where something differs.',
  options: marketOptions,
  examples: [
    'gatehouse volatility replay --symbol btcusdt',
    'gatehouse volatility replay --symbol btcusdt --venue binance --json',
  ],
  run: async (values, terminal) => {
    const { replayVolatility } = await import('@gatehouse/server/local')
    const markets = await withMarkets(values, terminal, replayVolatility)
    if (markets === undefined) return exitCodes.interrupted
    if (values['json'] === true) terminal.out(`${JSON.stringify(markets)}\n`)
    else
      for (const { venue, symbol, series } of markets)
        for (const { timeframe, bars, transitions, startMs, differences } of series)
          terminal.out(
            `${venue} ${symbol} ${timeframe}: ${bars} bars${startMs === null ? '' : ` from ${new Date(startMs).toISOString()}`}, ` +
              `${transitions} changes, ${differences.length === 0 ? 'agrees' : `differs: ${differences.join(', ')}`}\n`,
          )
    const agrees = markets.every(({ series }) => series.every(({ differences }) => differences.length === 0))
    return agrees ? exitCodes.done : exitCodes.failed
  },
}
