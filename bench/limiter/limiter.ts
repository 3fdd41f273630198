import { existsSync } from 'node:fs'
import { isValkeyMissing } from '@gatehouse/kernel/testing'
import type { Benchmark, Measured } from '../figure.ts'
import { installPeers, peerUrl } from '../install-peers.ts'
import { profiled } from '../profiled.ts'
import { measureAccuracy } from './accuracy.ts'
import { type Contender, measureMemoryRates } from './memory-rates.ts'
import { measureValkeyRate } from './valkey-rate.ts'

const peerPackage = 'rate-limiter-flexible'

/** P3: what a decision costs in time and memory, and how far it is from an exact log. */
export const limiter: Benchmark = async ({ profilePath, note }) => {
  await installPeers((text) => note(`limiter: ${text}`))
  const peer = await loadPeer()
  if (peer === undefined) note(`limiter: ${peerPackage} is skipped: it is not installed`)
  const measured: Measured[] = [
    ...(await profiled(profilePath, () => measureMemoryRates(peer, note))),
    ...measureAccuracy(),
  ]
  if (isValkeyMissing) return measured
  note('limiter: a Valkey on this machine')
  return [...measured, ...(await measureValkeyRate())]
}

type PeerModule = {
  readonly RateLimiterMemory: new (options: { readonly points: number; readonly duration: number }) => {
    readonly consume: (key: string) => Promise<unknown>
  }
}

/** It counts in fixed windows by the machine's own clock, so it gets a limit that it never reaches. */
async function loadPeer(): Promise<Contender | undefined> {
  if (!existsSync(peerUrl(`node_modules/${peerPackage}`))) return undefined
  // Safe: this is the package's documented interface.
  const { RateLimiterMemory } = (await import(
    peerUrl(`node_modules/${peerPackage}/index.js`).href
  )) as PeerModule
  return {
    name: `${peerPackage} in memory`,
    open: () => {
      const store = new RateLimiterMemory({ points: 1_000_000_000, duration: 60 })
      return (subject) => store.consume(subject)
    },
  }
}
