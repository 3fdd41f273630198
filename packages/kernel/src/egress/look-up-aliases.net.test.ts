import { afterEach, describe, expect, it } from 'vitest'
import { createEgress, type Egress } from './create-egress.ts'
import { noAllowance } from './egress-allowance.ts'
import { alias, record, soa, type Script } from '../testing/index.ts'
import { useLocalDns } from './fixtures/use-local-dns.ts'

const serve = useLocalDns()
const open: Egress[] = []
afterEach(() => {
  for (const egress of open.splice(0)) egress.close()
})

/** A name server that knows these aliases; every other name has an address. */
const aliases =
  (names: Readonly<Record<string, string>>): Script =>
  ({ hostname, type }) => {
    const given = names[hostname]
    if (given !== undefined) return [{ answers: [alias(hostname, given)] }]
    return [{ answers: type === 'A' ? [record(hostname, '192.0.2.1')] : [], authorities: [soa(60)] }]
  }

async function egressFrom(script: Script) {
  const server = await serve(script)
  const egress = createEgress({ allow: noAllowance, dnsServers: [server] })
  open.push(egress)
  return { ...egress, asked: server.asked }
}

const site = 'status.site.test'
const target = 'gate.test'

describe('aliases-are-followed-in-bounds', () => {
  it('to the target, in any spelling, and no further', async () => {
    const egress = await egressFrom(
      aliases({ [site]: 'Edge.Test', 'edge.test': 'GATE.test', [target]: 'x.test' }),
    )
    const answer = await egress.lookUpAliases(site, target)
    expect(answer).toEqual({ kind: 'answered', names: ['edge.test', target] })
    expect(egress.asked.map(({ hostname, type }) => `${type} ${hostname}`)).toEqual([
      `CNAME ${site}`,
      'CNAME edge.test',
    ])
  })

  it('they are those that there are, where they lead elsewhere', async () => {
    const egress = await egressFrom(aliases({ [site]: 'other.test' }))
    expect(await egress.lookUpAliases(site, target)).toEqual({ kind: 'answered', names: ['other.test'] })
  })

  it('they are none for a name with an address, and for one that does not exist', async () => {
    const egress = await egressFrom(aliases({}))
    expect(await egress.lookUpAliases(site, target)).toEqual({ kind: 'answered', names: [] })
    const unknown = await egressFrom(() => [{ code: 'NXDOMAIN', authorities: [soa(60)] }])
    expect(await unknown.lookUpAliases(site, target)).toEqual({ kind: 'answered', names: [] })
  })

  it('they end where they turn in a circle, and after eight of them', async () => {
    const circle = await egressFrom(aliases({ [site]: 'a.test', 'a.test': 'b.test', 'b.test': 'a.test' }))
    expect(await circle.lookUpAliases(site, target)).toEqual({
      kind: 'answered',
      names: ['a.test', 'b.test'],
    })
    let count = 0
    const endless = await egressFrom(({ hostname }) => [
      { answers: [alias(hostname, `n${(count += 1)}.test`)] },
    ])
    const answer = await endless.lookUpAliases(site, target)
    expect(answer.kind === 'answered' && answer.names).toHaveLength(8)
    expect(endless.asked).toHaveLength(8)
  })

  it('they are asked for anew each time', async () => {
    let given = 'other.test'
    const egress = await egressFrom(({ hostname }) =>
      hostname === site ? [{ answers: [alias(site, given)] }] : [{ authorities: [soa(60)] }],
    )
    expect(await egress.lookUpAliases(site, target)).toEqual({ kind: 'answered', names: ['other.test'] })
    given = target
    expect(await egress.lookUpAliases(site, target)).toEqual({ kind: 'answered', names: [target] })
  })

  it('they are unknown, not absent, where the name server fails or stays silent', async () => {
    const failing = await egressFrom(() => [{ code: 'SERVFAIL' }])
    expect(await failing.lookUpAliases(site, target)).toEqual({ kind: 'failed', code: 'ESERVFAIL' })
    const silent = await egressFrom(() => [])
    expect(await silent.lookUpAliases(site, target)).toEqual({ kind: 'failed', code: 'ETIMEOUT' })
  })

  it('they are given up as a whole when one of them hangs', async () => {
    const egress = await egressFrom(({ hostname }) =>
      hostname === site ? [{ answers: [alias(site, 'slow.test')] }] : [],
    )
    expect(await egress.lookUpAliases(site, target)).toEqual({ kind: 'failed', code: 'ETIMEOUT' })
  })
})
