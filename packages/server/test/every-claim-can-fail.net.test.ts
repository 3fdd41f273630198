import { beforeAll, describe, expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { isVerified, type VerifiedClaim } from '../src/posture/define-claim.ts'
import type { Finding } from '../src/posture/finding.ts'
import { composeServer } from './fixtures/compose-server.ts'
import { mutants } from './mutants/index.ts'
import { mergeParts, type Mutant } from './mutants/mutant.ts'

const verified = claims.filter(isVerified)
const groups = Map.groupBy(mutants, ({ claim, group = claim }) => group)

/** Starts a server so weakened, runs the probes of these claims on it, and stops it. */
async function probeWeakened(
  weaknesses: readonly Mutant[],
  probed: readonly VerifiedClaim[],
): Promise<ReadonlyMap<string, Finding>> {
  const server = await composeServer(
    Object.assign({}, ...weaknesses.map(({ settings = {} }) => settings)),
    mergeParts(weaknesses.map(({ weakened = {} }) => weakened)),
  )
  try {
    for (const { weaken } of weaknesses) await weaken?.(server)
    const results = await server.probe({ claims: probed })
    return new Map(results.map(({ claim, finding }) => [claim.id, finding]))
  } finally {
    await server.stop()
  }
}

it('every verified claim has a mutant, and every mutant a claim', () => {
  const ids = verified.map(({ id }) => id)
  expect(mutants.map(({ claim }) => claim).toSorted()).toEqual(ids.toSorted())
})

describe('every-claim-can-fail', () => {
  let findings: ReadonlyMap<string, Finding>
  beforeAll(async () => {
    findings = await probeWeakened([], verified)
  }, 600_000)

  it.each(verified.map(({ id }) => id))('%s holds on the real server', (id) =>
    expect(findings.get(id)).toMatchObject({ verdict: 'holds' }),
  )
})

describe.each([...groups])('every-claim-can-fail: weakened (%s)', (_group, weaknesses) => {
  const probed = verified.filter(({ id }) => weaknesses.some(({ claim }) => claim === id))
  let findings: ReadonlyMap<string, Finding>
  beforeAll(async () => {
    findings = await probeWeakened(weaknesses, probed)
  }, 600_000)

  it.each(probed.map(({ id }) => id))('%s fails on its mutant', (id) =>
    expect(findings.get(id)).toMatchObject({ verdict: 'fails' }),
  )
})
