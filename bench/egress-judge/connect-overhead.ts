import { connect } from 'node:net'
import { compare, type Measured } from '../figure.ts'
import { seeded } from '../limiter/traffic.ts'
import { median, type Pair } from '../statistics.ts'
import { startLoopback } from './loopback.ts'

const crowds = [
  { name: 'connect-1x', names: 100 },
  { name: 'connect-10x', names: 1_000 },
  { name: 'connect-100x', names: 10_000 },
]
const pairsMeasured = 15
const connectsPerRound = 1_000
const ratioMax = 1.03

type Open = () => Promise<void>

/**
 * What judging, looking up and keeping the deadline cost a connection over loopback: of names that the resolver knows
 * beside the plain way to a name, which asks the system, and of an address beside the plain way to that address.
 */
export async function measureConnectOverhead(note: (text: string) => void): Promise<readonly Measured[]> {
  const loopback = await startLoopback({ answerAfterMs: 0 })
  const port = loopback.targetPort
  try {
    const measured: Measured[] = []
    for (const { name, names } of crowds) {
      const crowd = `${names.toLocaleString('en')} names`
      note(`egress-judge: connections to ${crowd}`)
      const hostnames = Array.from({ length: names }, (_, i) => `www.customer${i}.test`)
      for (const hostname of hostnames) await loopback.connect(hostname)
      const random = seeded(1)
      const ours = () => loopback.connect(hostnames[Math.floor(random() * names)] ?? '')
      const peer = () => connectPlainly('localhost', port)
      measured.push(await beside(name, crowd, 'net.connect() to localhost', ours, peer))
    }
    note('egress-judge: connections to an address')
    const address = '127.0.0.1'
    const ours = () => loopback.connect(address)
    const peer = () => connectPlainly(address, port)
    return [...measured, await beside('connect-ip', 'an address', 'net.connect()', ours, peer)]
  } finally {
    await loopback.stop()
  }
}

async function beside(
  name: string,
  target: string,
  peerName: string,
  ours: Open,
  peer: Open,
): Promise<Measured> {
  const pairs: Pair[] = []
  // The first pair warms both up.
  while (pairs.length <= pairsMeasured) pairs.push(await measurePair(ours, peer))
  const kept = pairs.slice(1)
  return compare(
    { name, unit: `µs per connection to ${target}`, goal: '< 1.03 of the peer', peerName },
    kept,
    { ours: median(kept.map((pair) => pair.ours)), peer: median(kept.map((pair) => pair.peer)) },
    (ratio) => ratio < ratioMax,
  )
}

/** Connection by connection in turn, so that both meet the target's thread equally often asleep. */
async function measurePair(ours: Open, peer: Open): Promise<Pair> {
  const oursUs: number[] = []
  const peerUs: number[] = []
  for (let i = 0; i < connectsPerRound; i++) {
    oursUs.push(await microseconds(ours))
    peerUs.push(await microseconds(peer))
  }
  return { ours: median(oursUs), peer: median(peerUs) }
}

async function microseconds(open: Open): Promise<number> {
  const startedMs = performance.now()
  await open()
  return (performance.now() - startedMs) * 1_000
}

function connectPlainly(host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ host, port, family: 4, noDelay: true })
  socket.once('error', reject)
  socket.once('connect', () => {
    socket.resetAndDestroy()
    resolve()
  })
  return promise
}
