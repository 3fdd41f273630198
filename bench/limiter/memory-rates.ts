import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createMemoryStore, type LimitRule } from '@gatehouse/kernel/limits'
import { alone, compare, type Measured } from '../figure.ts'
import { median, type Pair } from '../statistics.ts'
import { seeded } from './traffic.ts'

/** A limiter of one process; `take` gets the subject and the milliseconds that have passed in the benchmark's world. */
export type Contender = {
  readonly name: string
  readonly open: () => (subject: string, nowMs: number) => unknown
}

const rule: LimitRule = { name: 'bench', limit: 60, windowSeconds: 60, whenStoreFails: 'refuse' }
const load = 0.9
const crowds = [
  { name: 'limiter-100x', subjects: 100_000 },
  { name: 'limiter-10x', subjects: 10_000 },
  { name: 'limiter', subjects: 1_000 },
]
const pairsMeasured = 5
const roundMs = 400
/** Decisions between two looks at the clock. */
const batch = 8_192
const decisionsPerSecondMin = 3_000_000

export const ours: Contender = {
  name: 'Gatehouse',
  open: () => {
    const store = createMemoryStore()
    return (subject, nowMs) => store.take(rule, subject, nowMs)
  },
}

/** Decisions a second, and memory, of ours and of the peer in turn; the largest crowd first. */
export async function measureMemoryRates(
  peer: Contender | undefined,
  note: (text: string) => void,
): Promise<readonly Measured[]> {
  const measured: Measured[] = []
  for (const { name, subjects } of crowds) {
    note(`limiter: ${subjects.toLocaleString('en')} subjects`)
    const about = {
      name,
      unit: `decisions/s over ${subjects.toLocaleString('en')} subjects`,
      goal: '≥ 3 M/s',
    }
    const pairs = await inTurn(peer, subjects)
    const mine = median(pairs.map((pair) => pair.ours))
    const met = mine >= decisionsPerSecondMin
    const medians = { ours: mine, peer: median(pairs.map((pair) => pair.peer)) }
    measured.push(
      peer === undefined
        ? alone(about, mine, met)
        : compare({ ...about, peerName: peer.name }, pairs, medians, () => met),
    )
  }
  return [...measured, await measureBytes(peer)]
}

async function inTurn(peer: Contender | undefined, subjects: number): Promise<readonly Pair[]> {
  const runOurs = toRound(ours, subjects)
  const runPeer = peer === undefined ? undefined : toRound(peer, subjects)
  const pairs: Pair[] = []
  // The first pair warms both up.
  while (pairs.length <= pairsMeasured) pairs.push({ ours: await runOurs(), peer: (await runPeer?.()) ?? 0 })
  return pairs.slice(1)
}

/**
 * Rounds of decisions for subjects in random order, in a world whose time passes so that each sends `load` of its limit:
 * a counter then holds as many sub-buckets as it ever does, and moves on between two requests.
 */
function toRound({ open }: Contender, subjects: number): () => Promise<number> {
  const take = open()
  const names = Array.from({ length: subjects }, (_, i) => toAddress(i))
  const random = seeded(1)
  const order = Uint32Array.from({ length: 2 ** 20 }, () => Math.floor(random() * subjects))
  const stepMs = (rule.windowSeconds * 1_000) / (load * rule.limit * subjects)
  let nowMs = 0
  let place = 0
  const decide = async (): Promise<void> => {
    for (let i = 0; i < batch; i++) {
      const answer = take(names[order[place] ?? 0] ?? '', nowMs)
      if (answer instanceof Promise) await answer
      place = (place + 1) % order.length
      nowMs += stepMs
    }
  }
  return async () => {
    const startedMs = performance.now()
    let decisions = 0
    let elapsedMs = 0
    while (elapsedMs < roundMs) {
      await decide()
      decisions += batch
      elapsedMs = performance.now() - startedMs
    }
    return (decisions / elapsedMs) * 1_000
  }
}

async function measureBytes(peer: Contender | undefined): Promise<Measured> {
  const about = { name: 'limiter-bytes', unit: 'bytes per tracked key', goal: '–' }
  const mine = await bytesPerKey(ours)
  if (peer === undefined) return { figure: { ...alone(about, mine, true).figure, met: null } }
  const pair = { ours: mine, peer: await bytesPerKey(peer) }
  return compare({ ...about, peerName: peer.name }, [pair], pair, null)
}

async function bytesPerKey({ open }: Contender): Promise<number> {
  const subjects = 100_000
  const names = Array.from({ length: subjects }, (_, i) => toAddress(i))
  const before = usedBytes()
  const take = open()
  for (const name of names) await take(name, 0)
  const used = usedBytes() - before
  // What was measured has to live until it was.
  await take('', 0)
  return used / subjects
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  // Safe: the flag above puts it there.
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function toAddress(i: number): string {
  return `198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`
}
