import { setTimeout as sleep } from 'node:timers/promises'
import { compare, type Measured } from '../figure.ts'
import { seeded } from '../limiter/traffic.ts'
import { median, type Pair } from '../statistics.ts'
import { type Loopback, startLoopback } from './loopback.ts'

const slowMs = 50
const inFlight = 512
/** Counted is only what ends in the window: the first look-ups and the last have nothing to overlap with. */
const rampMs = 200
const windowMs = 800
const pairsMeasured = 15
const knownNames = 1_000
/** A name that lives five minutes and is looked at every minute is looked up by one check in five. */
const unknownShare = 0.2
const shareMin = 0.95

/** HTTP checks a second while a share of the names has to be looked up, with a slow name server and with a fast one. */
export async function measureSlowResolver(note: (text: string) => void): Promise<readonly Measured[]> {
  note(`egress-judge: a name server that takes ${slowMs} ms`)
  const slow = await startLoopback({ answerAfterMs: slowMs })
  const fast = await startLoopback({ answerAfterMs: 0 })
  try {
    const runSlow = toRound(slow)
    const runFast = toRound(fast)
    const pairs: Pair[] = []
    // The first pair makes the names known.
    while (pairs.length <= pairsMeasured) pairs.push({ ours: await runSlow(), peer: await runFast() })
    const kept = pairs.slice(1)
    return [
      compare(
        {
          name: 'slow-dns',
          unit: `checks/s, ${inFlight} in flight, 1 in 5 looked up`,
          goal: '> 0.95 of the peer',
          peerName: 'a name server that answers at once',
        },
        kept,
        { ours: median(kept.map((pair) => pair.ours)), peer: median(kept.map((pair) => pair.peer)) },
        (ratio) => ratio > shareMin,
      ),
    ]
  } finally {
    await slow.stop()
    await fast.stop()
  }
}

function toRound({ check }: Loopback): () => Promise<number> {
  const random = seeded(1)
  let unknown = 0
  const nextName = (): string =>
    random() < unknownShare
      ? `www.new${unknown++}.test`
      : `www.customer${Math.floor(random() * knownNames)}.test`
  return async () => {
    const endMs = performance.now() + rampMs + windowMs
    let checked = 0
    const lane = async (): Promise<void> => {
      while (performance.now() < endMs) {
        await check(nextName())
        checked++
      }
    }
    const lanes = Array.from({ length: inFlight }, lane)
    await sleep(rampMs)
    const before = { checked, ownMs: ownMs() }
    await sleep(endMs - performance.now())
    const perSecond = ((checked - before.checked) / (ownMs() - before.ownMs)) * 1_000
    await Promise.all(lanes)
    return perSecond
  }
}

/** Time in which this thread worked or had nothing to do; what other processes took from it is left out. */
function ownMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000 + performance.eventLoopUtilization().idle
}
