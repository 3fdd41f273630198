import { createEgress, noAllowance, type EgressOptions } from '@gatehouse/kernel/egress'
import { describe, expect, it } from 'vitest'
import type { CheckTask } from './check-task.ts'
import { probe } from './probe.ts'

const task: CheckTask = {
  type: 'tcp',
  hostname: 'site.example',
  port: 443,
  timeoutMs: 1_000,
  freshName: false,
}

const egressWith = (options: Partial<EgressOptions>) => createEgress({ allow: noAllowance, ...options })
const failingWith = (code: string) =>
  egressWith({ resolve: () => Promise.reject(Object.assign(new Error(code), { code })) })

describe('a name that cannot be looked up', () => {
  it.each([
    ['ENOTFOUND', { kind: 'failed', code: 'dns_not_found', values: { host: 'site.example' } }],
    ['ESERVFAIL', { kind: 'failed', code: 'dns_failed', values: { rcode: 'SERVFAIL' } }],
    ['ETIMEOUT', { kind: 'failed', code: 'dns_failed', values: { rcode: 'TIMEOUT' } }],
    ['EREFUSED', { kind: 'unable', code: 'resolver_unavailable' }],
    ['ECONNREFUSED', { kind: 'unable', code: 'resolver_unavailable' }],
    ['ECANCELLED', { kind: 'unable', code: 'node_overloaded' }],
  ])('%s is the fault of whom it should be', async (code, result) => {
    expect(await probe(failingWith(code), task)).toMatchObject(result)
  })

  it('with no name server at all is never down', async () => {
    // Nothing listens on the first port of this machine.
    const egress = egressWith({ dnsServers: [{ address: '127.0.0.1', port: 1 }] })
    expect(await probe(egress, task)).toMatchObject({ kind: 'unable', code: 'resolver_unavailable' })
    egress.close()
  })
})

describe('a re-check', () => {
  it.each([true, false])('looks the name up anew, and only a re-check does: %s', async (freshName) => {
    const asked: unknown[] = []
    const egress = egressWith({
      resolve: async (hostname, { fresh }) => {
        asked.push([hostname, fresh])
        return []
      },
    })
    await probe(egress, { ...task, freshName })
    await probe(egress, { ...httpTask, freshName })
    expect(asked).toEqual([
      ['site.example', freshName],
      ['site.example', freshName],
    ])
  })
})

const httpTask: CheckTask = {
  type: 'http',
  url: 'https://site.example/',
  method: 'GET',
  headers: {},
  body: null,
  verifyCertificate: true,
  timeoutMs: 1_000,
  freshName: false,
  expectation: {
    expectedStatuses: [{ from: 200, to: 200 }],
    keyword: null,
    keywordMustExist: true,
    jsonChecks: [],
    degradedAfterMs: null,
  },
}
