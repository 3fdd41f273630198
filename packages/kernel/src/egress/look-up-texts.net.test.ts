import { afterEach, describe, expect, it } from 'vitest'
import { createEgress, type Egress } from './create-egress.ts'
import { noAllowance } from './egress-allowance.ts'
import { alias, soa, textRecord, type Script } from '../testing/index.ts'
import { useLocalDns } from './fixtures/use-local-dns.ts'

const serve = useLocalDns()
const open: Egress[] = []
afterEach(() => {
  for (const egress of open.splice(0)) egress.close()
})

const egressFrom = async (script: Script): Promise<Egress> => {
  const egress = createEgress({ allow: noAllowance, dnsServers: [await serve(script)] })
  open.push(egress)
  return egress
}

const name = '_gatehouse.site.test'

describe('the texts of a name', () => {
  it('are whole, however many pieces they travel in', async () => {
    const egress = await egressFrom(() => [
      {
        answers: [
          textRecord(name, ['gate', 'house=1']),
          textRecord(name, 'other'),
          textRecord('x.test', 'no'),
        ],
      },
    ])
    expect(await egress.lookUpTexts(name)).toEqual({ kind: 'answered', texts: ['gatehouse=1', 'other'] })
  })

  it('are found behind an alias', async () => {
    const egress = await egressFrom(() => [{ answers: [alias(name, 'b.test'), textRecord('b.test', 'one')] }])
    expect(await egress.lookUpTexts(name)).toEqual({ kind: 'answered', texts: ['one'] })
  })

  it('are asked for anew each time, so that a record counts as soon as it is set', async () => {
    let texts: string[] = []
    const egress = await egressFrom(() =>
      texts.length === 0
        ? [{ code: 'NXDOMAIN', authorities: [soa(60)] }]
        : [{ answers: texts.map((text) => textRecord(name, text)) }],
    )
    expect(await egress.lookUpTexts(name)).toEqual({ kind: 'answered', texts: [] })
    texts = ['one']
    expect(await egress.lookUpTexts(name)).toEqual({ kind: 'answered', texts: ['one'] })
  })

  it('are unknown, not absent, where the name server fails', async () => {
    const egress = await egressFrom(() => [{ code: 'SERVFAIL' }])
    expect(await egress.lookUpTexts(name)).toEqual({ kind: 'failed', code: 'ESERVFAIL' })
  })

  it('are given up where nobody answers', async () => {
    const egress = createEgress({
      allow: noAllowance,
      resolveTexts: (_name, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('late')))
        }),
    })
    open.push(egress)
    expect(await egress.lookUpTexts(name)).toEqual({ kind: 'failed', code: 'ETIMEOUT' })
  })
})
