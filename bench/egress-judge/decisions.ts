import { judgeAddress } from '@gatehouse/kernel/egress'
import ipaddr from 'ipaddr.js'
import { alone, compare, type Measured } from '../figure.ts'
import { seeded } from '../limiter/traffic.ts'
import { median, type Pair } from '../statistics.ts'

const addressesJudged = 100_000
const pairsMeasured = 7
const roundMs = 400
const goalPerSecond = 1_000_000
const peerName = 'ipaddr.js range()'

/** Addresses judged a second on one core, from text to verdict, two in three of them IPv4. */
export function measureDecisions(): readonly Measured[] {
  const random = seeded(1)
  const addresses = Array.from({ length: addressesJudged }, (_, i) =>
    i % 3 === 0 ? toIpv6(random) : toIpv4(random),
  )
  const ours = (text: string): unknown => judgeAddress(text)
  const peer = (text: string): unknown => ipaddr.parse(text).range()
  perSecond(ours, addresses)
  perSecond(peer, addresses)
  const pairs: Pair[] = []
  while (pairs.length < pairsMeasured) {
    pairs.push({ ours: perSecond(ours, addresses), peer: perSecond(peer, addresses) })
  }
  const medians = {
    ours: median(pairs.map((pair) => pair.ours)),
    peer: median(pairs.map((pair) => pair.peer)),
  }
  const about = { name: 'egress-judge', unit: 'decisions/s on one core' }
  return [
    alone({ ...about, goal: '≥ 1 M/s' }, medians.ours, medians.ours >= goalPerSecond),
    compare({ ...about, goal: '–', peerName }, pairs, medians, null),
  ]
}

function perSecond(judge: (text: string) => unknown, addresses: readonly string[]): number {
  const startedMs = performance.now()
  let judged = 0
  while (performance.now() - startedMs < roundMs) {
    for (let batch = 0; batch < 1_000; batch++) judge(addresses[judged++ % addresses.length] ?? '')
  }
  return (judged / (performance.now() - startedMs)) * 1_000
}

function toIpv4(random: () => number): string {
  return Array.from({ length: 4 }, () => Math.floor(random() * 256)).join('.')
}

/** Half of them in the space that is handed out, the rest anywhere. */
function toIpv6(random: () => number): string {
  const group = (): string => Math.floor(random() * 0x10000).toString(16)
  const first = random() < 0.5 ? (0x2000 + Math.floor(random() * 0x2000)).toString(16) : group()
  return random() < 0.5
    ? `${first}:${group()}:${group()}::${group()}`
    : [first, ...Array.from({ length: 7 }, group)].join(':')
}
