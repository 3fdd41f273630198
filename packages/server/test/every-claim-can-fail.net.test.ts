import { beforeAll, describe, expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { isVerified, type VerifiedClaim } from '../src/posture/define-claim.ts'
import type { Finding } from '../src/posture/finding.ts'
import { composeServer } from './fixtures/compose-server.ts'
import { listLeft } from './fixtures/left-rows.ts'
import { mutants } from './mutants/index.ts'
import { mergeParts, type Mutant } from './mutants/mutant.ts'
import { writeDrills } from './mutants/operations.ts'
import { writeCertificate } from './mutants/transport.ts'

const verified = claims.filter(isVerified)
const groups = Map.groupBy(mutants, ({ claim, group = claim }) => group)
const isOfTls = ({ id }: VerifiedClaim): boolean => id.startsWith('transport.')

type Probed = {
  readonly findings: ReadonlyMap<string, Finding>
  /** Tables that hold more, or less, than before. */
  readonly left: readonly string[]
}

/** Starts a server so weakened, runs the probes of these claims on it, and stops it. */
async function probeWeakened(
  weaknesses: readonly Mutant[],
  probed: readonly VerifiedClaim[],
): Promise<Probed> {
  const server = await composeServer(
    async (databaseUrl) => {
      const settings = weaknesses.map(async ({ settings: toSettings }) => toSettings?.(databaseUrl) ?? {})
      return Object.assign({}, ...(await Promise.all(settings)))
    },
    mergeParts(weaknesses.map(({ weakened = {} }) => weakened)),
  )
  try {
    for (const { weaken } of weaknesses) await weaken?.(server)
    const findings = new Map<string, Finding>()
    const left = await listLeft(server.db, async () => {
      for (const { claim, finding } of await server.probe({ claims: probed })) findings.set(claim.id, finding)
    })
    return { findings, left }
  } finally {
    await server.stop()
    for (const { end } of weaknesses) await end?.()
  }
}

/** Over plain HTTP nothing can be said of TLS, and over TLS everything would take longer. */
async function probeReal(): Promise<Probed> {
  const { settings, remove } = writeCertificate()
  const overTls: Mutant = { claim: '', settings: () => settings }
  const drilled: Mutant = {
    claim: '',
    weaken: ({ env }) =>
      writeDrills(env, { kinds: ['rotate', 'check', 'investigate'], ownMs: 1_000, outcome: 'done' }),
  }
  try {
    const plain = await probeWeakened(
      [drilled],
      verified.filter((claim) => !isOfTls(claim)),
    )
    const { findings } = await probeWeakened([overTls], verified.filter(isOfTls))
    return { findings: new Map([...plain.findings, ...findings]), left: plain.left }
  } finally {
    remove()
  }
}

it('every verified claim has a mutant, and every mutant a claim', () => {
  const ids = verified.map(({ id }) => id)
  expect(mutants.map(({ claim }) => claim).toSorted()).toEqual(ids.toSorted())
})

describe('every-claim-can-fail', () => {
  let real: Probed
  beforeAll(async () => {
    real = await probeReal()
  }, 600_000)

  it.each(verified.map(({ id }) => id))('%s holds on the real server', (id) =>
    expect(real.findings.get(id)).toMatchObject({ verdict: 'holds' }),
  )

  it('and all of them together leave every table as it was', () => expect(real.left).toEqual([]))
})

describe.each([...groups])('every-claim-can-fail: weakened (%s)', (_group, weaknesses) => {
  const probed = verified.filter(({ id }) => weaknesses.some(({ claim }) => claim === id))
  let findings: ReadonlyMap<string, Finding>
  beforeAll(async () => {
    ;({ findings } = await probeWeakened(weaknesses, probed))
  }, 600_000)

  it.each(probed.map(({ id }) => id))('%s fails on its mutant', (id) =>
    expect(findings.get(id)).toMatchObject({ verdict: 'fails' }),
  )
})
