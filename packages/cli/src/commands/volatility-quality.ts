import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { seriesNames, seriesOptions, toNamed } from '../series-options.ts'

export const volatilityQuality: Command = {
  name: 'volatility quality',
  summary: 'Read how well regimes agree with labels that look ahead, and who wins',
  description:
    'Out of sample by walk-forward tests, with 95% intervals; every method and baseline is shown, whoever wins. Regimes\n' +
    'describe and do not predict.',
  options: {
    symbol: { type: 'string', placeholder: 'NAME', about: 'Such as btcusdt', required: true },
    method: { type: 'string', placeholder: 'NAME', about: 'published (unset), har-gk or rv-level' },
    ...seriesOptions,
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: ['gatehouse volatility quality --symbol btcusdt'],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const reply = await volatility.getQuality(
      String(values['symbol']),
      toNamed(values, { ...seriesNames, method: 'method' }),
    )
    if (values['json'] === true) {
      terminal.out(`${JSON.stringify(reply)}\n`)
      return exitCodes.done
    }
    const { symbol, timeframe, measured, live, coverage, limits } = reply
    const lines = [
      measured === null
        ? `${symbol} ${timeframe}: not measured yet; gatehouse volatility calibrate --symbols ${symbol} does`
        : `${symbol} ${timeframe}: ${measured.bars} bars, ${toDay(measured.data_from_ms)} to ${toDay(measured.data_to_ms)}, ${measured.tests.length} tests`,
      ...(measured?.contests ?? []).map(({ sentence }) => sentence),
      ...(live?.score == null
        ? []
        : [
            `Shown in the last 30 days: macro-F1 ${toScore(live.score)} over ${live.score.n} bars, ${live.score.alerts_per_day.toFixed(1)} alerts a day`,
          ]),
      ...(live?.confidence == null
        ? []
        : [
            `Confidence: Brier ${live.confidence.brier.toFixed(3)} against ${live.confidence.brier_of_base.toFixed(3)} of the base rate over ${live.confidence.n} bars`,
          ]),
      ...(coverage === null
        ? []
        : [
            `Ranges: in the past 30 days ${(100 * coverage['80']).toFixed(0)} of 100 at 80% held (${coverage.n})`,
          ]),
    ]
    terminal.out(`${lines.join('\n')}\n`)
    terminal.note(limits.map((limit) => `note: ${limit}\n`).join(''))
    return exitCodes.done
  },
}

function toScore({
  macro_f1: macroF1,
  interval,
}: {
  readonly macro_f1: number
  readonly interval: readonly number[] | null
}): string {
  const sure = interval === null ? '' : ` (95%: ${interval.map((end) => end.toFixed(3)).join(' to ')})`
  return `${macroF1.toFixed(3)}${sure}`
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
