import { expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { isVerified } from '../src/posture/define-claim.ts'
import { owaspRisks } from '../src/posture/owasp.ts'
import { toPosturePolicy } from '../src/posture-figures.ts'
import { schema } from '../src/schema.ts'

const policy = toPosturePolicy([], schema)
const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/

it('every-claim-has-a-source-and-a-probe: or somebody who states it, by a day on which it is looked at again', () => {
  for (const claim of claims) {
    expect(claim.id).toMatch(/^[a-z]+(?:[.-][a-z0-9]+)+$/)
    expect([claim.id, claim.sources.length > 0]).toEqual([claim.id, true])
    for (const { row, says } of claim.sources)
      expect([row, says]).toEqual([expect.stringMatching(/^[MCA]\d\d$/), expect.stringMatching(/\S/)])
    if (isVerified(claim)) {
      expect(typeof claim.probe.run).toBe('function')
      expect(claim.everyMinutes).toBeGreaterThan(0)
      expect([claim.method.en, claim.method.ja]).toEqual([
        expect.stringMatching(/\S/),
        expect.stringMatching(japanese),
      ])
    } else expect(Date.parse(claim.reviewBy)).not.toBeNaN()
  }
  const ids = claims.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

it('every sentence is told in both languages with figures of the policy, and names risks that exist', () => {
  for (const { id, sentence, why, owasp = [] } of claims) {
    const { en, ja } = sentence(policy)
    expect([id, en]).toEqual([id, expect.not.stringMatching(/undefined|NaN|\[object/)])
    expect([id, ja]).toEqual([id, expect.not.stringMatching(/undefined|NaN|\[object/)])
    expect([id, ja, why.ja]).toEqual([id, expect.stringMatching(japanese), expect.stringMatching(japanese)])
    expect(owasp.filter((risk) => !(risk in owaspRisks))).toEqual([])
  }
})
