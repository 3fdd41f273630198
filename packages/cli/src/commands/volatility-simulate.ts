import { once } from 'node:events'
import { type Command, exitCodes, UsageError } from '../command.ts'

export const volatilitySimulate: Command = {
  name: 'volatility simulate',
  summary: 'Run simulated venues on this machine, with no network',
  description:
    'Speaks the public protocols of Binance, Coinbase, Bybit and Deribit on ports of this machine, with prices that are\n' +
    'made up: a function of the seed, so that the same seed gives the same prices again. Prints where each is, then runs\n' +
    'until it is interrupted. A server with GATEHOUSE_FEEDS=simulated runs its own and needs none of this.',
  options: {
    seed: { type: 'string', placeholder: 'N', about: 'What the prices are made of (1)' },
    scale: { type: 'string', placeholder: 'N', about: 'How many times as fast as the clock on the wall (1)' },
    symbols: {
      type: 'string',
      placeholder: 'LIST',
      about: 'Which ones, with commas between (all that are built in)',
    },
    json: { type: 'boolean', about: 'Print the addresses as JSON' },
  },
  examples: [
    'gatehouse volatility simulate',
    'gatehouse volatility simulate --seed 7 --scale 60 --symbols btcusdt,ethusdt',
  ],
  run: async (values, { out, note, interruption }) => {
    const [seed, scale] = ['seed', 'scale'].map((name) => {
      const value = Number(values[name] ?? 1)
      if (!Number.isFinite(value) || value <= 0) throw new UsageError(`--${name} must be a number above 0`)
      return value
    })
    const symbols = values['symbols'] === undefined ? undefined : String(values['symbols']).split(',')
    const wrong = symbols?.find((symbol) => !/^[a-z0-9]{2,20}usdt$/.test(symbol))
    if (wrong !== undefined) throw new UsageError(`--symbols must be like btcusdt,ethusdt; ${wrong} is not`)
    const signal = interruption()
    const { simulateVenues } = await import('@gatehouse/server/local')
    const { hosts, deribit, ended, stop } = await simulateVenues({
      symbols,
      seed: seed ?? 1,
      scale: scale ?? 1,
    })
    if (values['json'] === true) out(`${JSON.stringify({ hosts, deribit })}\n`)
    else {
      for (const [venue, kinds] of Object.entries(hosts))
        for (const [kind, { rest, stream }] of Object.entries(kinds))
          out(`${venue} ${kind}: ${rest} ${stream}\n`)
      out(`deribit: ${deribit}\n`)
    }
    note('Simulated: none of these prices was ever paid. Ctrl-C ends it.\n')
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), ended])
    await stop()
    return exitCodes.done
  },
}
