import { type Command, exitCodes } from '../command.ts'
import { marketOptions, withMarkets } from '../volatility-markets.ts'

export const volatilityRebuild: Command = {
  name: 'volatility rebuild',
  summary: 'Compute a symbol anew, with the bars that came too late',
  description:
    'Late and corrected minutes are folded in, and every series of the symbol is computed anew under its next version. It\n' +
    'sends no events: what subscribers were told stays told. One commit for each venue: interrupted or killed, it has\n' +
    'happened whole or not at all, and can be run again. A server that runs goes on with the new series. Audited.',
  options: marketOptions,
  examples: [
    'gatehouse volatility rebuild --symbol btcusdt',
    'gatehouse volatility rebuild --symbol btcusdt --venue binance --json',
  ],
  run: async (values, terminal) => {
    const { rebuildVolatility } = await import('@gatehouse/server/local')
    const markets = await withMarkets(values, terminal, rebuildVolatility)
    if (markets === undefined) return exitCodes.interrupted
    if (values['json'] === true) terminal.out(`${JSON.stringify(markets)}\n`)
    else
      for (const { venue, symbol, folded, left, series } of markets) {
        terminal.out(
          `${venue} ${symbol}: ${folded} late minutes folded in${left === 0 ? '' : `, ${left} older than the bars that are kept`}\n`,
        )
        for (const { timeframe, version, bars, transitions } of series)
          terminal.out(`  ${timeframe}: ${bars} bars, ${transitions} changes, version ${version}\n`)
      }
    return exitCodes.done
  },
}
