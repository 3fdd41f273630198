import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'

export const volatilityFeeds: Command = {
  name: 'volatility feeds',
  summary: 'Say which venues are heard, since when, and how old their newest minute is',
  options: { ...remoteOptions, json: { type: 'boolean', about: 'Print the whole answer as JSON' } },
  examples: ['gatehouse volatility feeds'],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const reply = await volatility.getStatus()
    if (values['json'] === true) {
      terminal.out(`${JSON.stringify(reply)}\n`)
      return exitCodes.done
    }
    for (const [venue, { status, since_ms: since, lag_seconds: lag, reason }] of Object.entries(reply.venues))
      terminal.out(
        `${venue}: ${status}${since === null ? '' : ` since ${new Date(since).toISOString()}`}` +
          `${lag === null ? '' : `, newest minute ${Math.round(lag)} s old`}${reason === null ? '' : ` (${reason})`}\n`,
      )
    return exitCodes.done
  },
}
