import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'

export const volatilityWatch: Command = {
  name: 'volatility watch',
  summary: 'Print changes of volatility as they happen, until interrupted',
  description:
    'One JSON object a line, as the stream tells it; what was missed while the line was cut comes first.',
  options: {
    symbols: { type: 'string', placeholder: 'NAMES', about: 'Separated by commas; unset: all' },
    preset: { type: 'string', placeholder: 'NAME', about: 'Unset: balanced' },
    ...remoteOptions,
  },
  examples: ['gatehouse volatility watch --symbols btcusdt,ethusdt'],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const { symbols, preset } = values
    const signal = terminal.interruption()
    const events = volatility.stream({
      signal,
      ...(typeof symbols === 'string' ? { symbols: symbols.toLowerCase().split(',') } : {}),
      ...(typeof preset === 'string' ? { preset } : {}),
    })
    for await (const event of events) terminal.out(`${JSON.stringify(event)}\n`)
    return signal.aborted ? exitCodes.interrupted : exitCodes.done
  },
}
