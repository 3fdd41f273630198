import { exitCodes, type Command } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { seriesNames, seriesOptions, toNamed } from '../series-options.ts'

export const volatilityLeadLag: Command = {
  name: 'volatility lead-lag',
  summary: 'Read which symbols change state after a leader, and whether chance explains it',
  options: {
    leader: { type: 'string', placeholder: 'NAME', about: 'Such as btcusdt', required: true },
    follower: { type: 'string', placeholder: 'NAME', about: 'Unset: every other symbol' },
    to: { type: 'string', placeholder: 'STATE', about: 'low, normal or high; unset: high' },
    days: { type: 'string', placeholder: 'DAYS', about: 'How far back, 7 to 400; unset: 90' },
    'max-lag': { type: 'string', placeholder: 'BARS', about: 'How far apart, 1 to 120; unset: 30' },
    ...seriesOptions,
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print the whole answer as JSON' },
  },
  examples: ['gatehouse volatility lead-lag --leader btcusdt --timeframe 5m'],
  run: async (values, terminal) => {
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const reply = await volatility.getLeadLag({
      ...toNamed(values, {
        ...seriesNames,
        follower: 'follower',
        to: 'to',
        days: 'lookback_days',
        'max-lag': 'max_lag',
      }),
      leader: String(values['leader']),
    })
    if (values['json'] === true) {
      terminal.out(`${JSON.stringify(reply)}\n`)
      return exitCodes.done
    }
    const lines = reply.pairs.map(
      ({ follower, matched, leader_events: events, median_lag_bars: lag, q_link, q_lead, reason }) => {
        if (reason !== null)
          return `${follower}: ${matched} of ${events} events, ${reason.replaceAll('_', ' ')}`
        return `${follower}: ${matched} of ${events} events, median lag ${lag ?? 0} bars; q link ${q_link ?? 1}, q lead ${q_lead ?? 1}`
      },
    )
    terminal.out(`${lines.join('\n')}\n`)
    return exitCodes.done
  },
}
