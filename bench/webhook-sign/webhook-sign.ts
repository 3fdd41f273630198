import { Secret } from '@gatehouse/kernel/secrets'
import { signWebhook } from '@gatehouse/kernel/webhooks'
import { Webhook } from 'standardwebhooks'
import { alone, type Benchmark, compare } from '../figure.ts'
import { median, type Pair } from '../statistics.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const body = JSON.stringify({ id: 'evt_01', type: 'key.created', data: { name: 'x'.repeat(300) } })
const roundMs = 700
const pairsMeasured = 7
const goalPerSecond = 150_000

/** P7: signatures a second on one core, of a body of about 350 bytes. */
export const webhookSign: Benchmark = async ({ note }) => {
  note('webhook-sign: signing in turn with npm standardwebhooks')
  const own = new Secret(secret)
  const reference = new Webhook(secret)
  const at = new Date()
  const timestampSeconds = Math.floor(at.getTime() / 1000)
  const ours = (): unknown => signWebhook({ id: 'evt_01', timestampSeconds, body }, [own])
  const peer = (): unknown => reference.sign('evt_01', at, body)
  perSecond(ours)
  perSecond(peer)
  const pairs: Pair[] = []
  while (pairs.length < pairsMeasured) pairs.push({ ours: perSecond(ours), peer: perSecond(peer) })
  const medians = {
    ours: median(pairs.map((pair) => pair.ours)),
    peer: median(pairs.map((pair) => pair.peer)),
  }
  const about = { name: 'webhook-sign', unit: 'signatures/s on one core' }
  return [
    alone({ ...about, goal: '≥ 150,000' }, medians.ours, medians.ours >= goalPerSecond),
    compare({ ...about, goal: '–', peerName: 'standardwebhooks' }, pairs, medians, null),
  ]
}

function perSecond(sign: () => unknown): number {
  const startedMs = performance.now()
  let signed = 0
  while (performance.now() - startedMs < roundMs) {
    for (let batch = 0; batch < 500; batch += 1) sign()
    signed += 500
  }
  return (signed / (performance.now() - startedMs)) * 1000
}
