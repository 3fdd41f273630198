import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const place = z.strictObject({ rest: z.string(), stream: z.string() })
const venue = z.strictObject({ spot: place, perp: place })
const places = z.strictObject({
  hosts: z.strictObject({ binance: venue, coinbase: venue, bybit: venue }),
  deribit: z.string(),
})

export type SimulatorProcess = z.output<typeof places> & {
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>
  readonly stop: () => Promise<void>
}

const program = fileURLToPath(new URL('../services/volatility/simulator/main.ts', import.meta.url))

/** Starts the simulator of the venues as a process beside this server; it ends when the server ends. */
export async function startSimulatorProcess({
  symbols = [],
  seed = 1,
  scale = 1,
}: {
  /** The symbols to simulate. Default: all that are built in. */
  readonly symbols?: readonly string[] | undefined
  readonly seed?: number
  /** How many times faster than real time it runs. */
  readonly scale?: number
} = {}): Promise<SimulatorProcess> {
  const options = [String(seed), String(scale), ...symbols]
  const child = spawn(process.execPath, [...process.execArgv, program, ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const said = await Promise.race([
    readLine(child.stdout),
    ended.then(() => {
      throw new Error('The simulator of the venues ended before it said where it is')
    }),
  ])
  return {
    ...places.parse(JSON.parse(said)),
    ended,
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}

async function readLine(stream: Readable): Promise<string> {
  for await (const line of createInterface(stream)) return line
  return ''
}
