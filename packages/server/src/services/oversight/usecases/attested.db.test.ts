import { listEntries } from '@gatehouse/kernel/audit'
import { decideWithin, query, within } from '@gatehouse/kernel/db'
import type { LinkPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type SoftwareAuthenticator,
  softwareAuthenticator,
} from '../../../service/testing/software-authenticator.ts'
import { type ChallengeBody, challengeBody } from '../contract/attest.ts'
import { type ScoreReply, scoreReply } from '../contract/blocks.ts'
import { oversightEndpoints } from '../contract/endpoints.ts'
import { commitBody, scoreBody } from '../contract/scoring.ts'
import type { OversightTables } from '../store/tables.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { beginEnrolment, enrolAuthenticator, removeAuthenticator } from './authenticators.ts'
import { toChallenge } from './canonical-decision.ts'
import { challengeDecision } from './challenge-decision.ts'
import { commitScore } from './change-score.ts'
import { getProfile } from './get-profile.ts'
import { getOrganization } from './get-organization.ts'
import { attestOwnDecision } from './own-record.ts'
import { getScore } from './read-scores.ts'
import { scoreInteraction } from './score.ts'

let test: TestOversight
const origin = 'https://gatehouse.example'

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

type Caller = Awaited<ReturnType<TestOversight['found']>>

const who = { operator_id: 'analyst-42', session_id: 'sess-001', domain: 'financial' } as const
const decision = { decision: 'modified', modification_extent: 0.3 } as const
const interaction = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  scenario_type: 'standard',
  ...decision,
}

function linkOf({ orgId }: Caller): LinkPrincipal {
  return {
    kind: 'link',
    orgId,
    service: 'oversight',
    linkId: 'lnk_1',
    subject: who.operator_id,
    ip: '192.0.2.2',
  }
}

async function tie(key: Caller): Promise<MemberPrincipal> {
  await decideWithin(test.deps, key, (tx) =>
    query<OversightTables>(tx)
      .insertInto('oversight.operator_member')
      .values({ org_id: key.orgId, user_id: 'mia', operator_id: who.operator_id, tied_at: new Date() })
      .execute(),
  )
  return { kind: 'member', orgId: key.orgId, userId: 'mia', sessionId: 's1', role: 'viewer', ip: '192.0.2.3' }
}

async function enrol(person: LinkPrincipal | MemberPrincipal): Promise<SoftwareAuthenticator> {
  const authenticator = softwareAuthenticator()
  const { options } = await beginEnrolment(test.deps, person, { rp_id: null }, test.context())
  const registration = authenticator.create(options, origin)
  await enrolAuthenticator(test.deps, person, { name: 'Key ring', registration }, test.context())
  return authenticator
}

const challenge = (key: Caller, more: object = {}) => {
  const body: ChallengeBody = challengeBody.parse({ ...who, ...decision, ...more })
  return challengeDecision(test.deps, key, body, test.context())
}

type Challenge = Awaited<ReturnType<typeof challenge>>

/** What an authenticator makes of a challenge, as a score hands it on. */
function sign(
  authenticator: SoftwareAuthenticator,
  {
    challenge: toSign,
    nonce,
    allow_credentials: allowed,
  }: Pick<Challenge, 'challenge' | 'nonce' | 'allow_credentials'>,
  { at = origin, ...claims }: { at?: string; isVerified?: boolean; counter?: number } = {},
) {
  const options = {
    challenge: toSign,
    rpId: 'gatehouse.example',
    timeout: 60_000,
    allowCredentials: allowed.map(({ type, id }) => ({ type, id })),
    userVerification: 'required' as const,
  }
  const { id, response } = authenticator.use(options, at, claims)
  return {
    method: 'passkey',
    nonce,
    credential_id: id,
    authenticator_data: response.authenticatorData,
    client_data_json: response.clientDataJSON,
    signature: response.signature,
  }
}

async function score(key: Caller, attestation: object | null, more: object = {}): Promise<ScoreReply> {
  const body = scoreBody.parse({ ...who, interaction: { ...interaction, ...more }, attestation })
  return scoreReply.parse(await scoreInteraction(test.deps, key, body, 'full', test.context()))
}

async function entriesOf(key: Caller, action: string) {
  return within(test.deps, key, async (tx) => {
    const rows = await listEntries(tx, { actions: [action] }, { limit: 100 })
    return rows.map(({ payload }) => JSON.parse(payload ?? '{}') as Record<string, unknown>)
  })
}

describe('attested-decision-verifies-from-canonical-bytes', () => {
  it('the published hash and challenge', () => {
    const { canonicalHash, challenge: toSign } = toChallenge({
      v: 1,
      org_id: '00000000-0000-4000-8000-000000000001',
      ...who,
      decision: 'modified',
      modification_permille: 300,
      subject_hash: null,
      nonce: Buffer.alloc(32).toString('base64url'),
    })
    expect(canonicalHash).toBe('dcff9231563abeb84aa4644838d7dfbfce6da1e0dc3ce93f595cd7e057b5d2a0')
    expect(toSign).toBe('WTRpDfrTjet2GF7kwMe8rJAkeRmR8DA3PrdqJpeX9xI')
  })

  it('a passkey of the person signs the decision, and the grade says so wherever it is told', async () => {
    const key = await test.found()
    const authenticator = await enrol(linkOf(key))
    const asked = await challenge(key, { subject_hash: 'ab'.repeat(32) })
    expect(asked.allow_credentials).toMatchObject([{ type: 'public-key', rp_id: 'gatehouse.example' }])
    const attestation = { ...sign(authenticator, asked), subject_hash: 'ab'.repeat(32) }
    const reply = await score(key, attestation)
    expect(reply.evidence).toEqual({
      grade: 'attested',
      reason: null,
      time_source: 'client',
      discrepancies: [],
      attestation: { method: 'passkey', canonical_hash: asked.canonical_hash, enrolled_by: 'link' },
    })
    const { interactions } = await getScore(test.deps, key, reply.interaction_id, test.context())
    expect(interactions[0]?.evidence).toEqual(reply.evidence)
    expect(await entriesOf(key, 'SCORE_RECORDED')).toMatchObject([{ evidence_grade: 'attested' }])
    const whole = await getOrganization(test.deps, key, { window: '90' }, test.context())
    expect(whole.evidence_mix).toMatchObject({ n: 1, asserted: 0, attested: 1, attested_by_link: 1 })
  })

  it('a confirmation is an entry, and its proof attests once: by a link, and by a log-in of one’s own', async () => {
    const key = await test.found()
    for (const person of [linkOf(key), await tie(key)]) {
      const asked = await challenge(key)
      const { canonical_hash: hash, nonce } = asked
      const body = { canonical_hash: hash, nonce }
      const { proof } = await attestOwnDecision(test.deps, person, body, test.context())
      expect(proof).toMatch(/^atp_[\w-]{43}$/)
      const attestation = { method: 'session', nonce, proof }
      const extra = { time_to_decision_ms: person.kind === 'link' ? 1_000 : 2_000 }
      const reply = await score(key, attestation, extra)
      expect(reply.evidence).toMatchObject({
        grade: 'attested',
        attestation: { method: 'session', enrolled_by: person.kind },
      })
      const again = await score(key, attestation, { time_to_decision_ms: 3_000 + extra.time_to_decision_ms })
      expect(again.evidence).toMatchObject({ grade: 'asserted', reason: 'used' })
    }
    expect(await entriesOf(key, 'decision.attest')).toHaveLength(2)
  })

  it('a commit brings a proof of its own', async () => {
    const key = await test.found()
    const authenticator = await enrol(linkOf(key))
    const first = await score(key, null)
    const asked = await challenge(key, { decision: 'rejected', modification_extent: 0 })
    const body = commitBody.parse({ decision: 'rejected', attestation: sign(authenticator, asked) })
    const reply = await commitScore(test.deps, key, first.interaction_id, body, test.context())
    expect(reply.evidence).toMatchObject({ grade: 'attested', attestation: { enrolled_by: 'link' } })
  })
})

describe('forged-or-reused-evidence-never-raises-a-grade', () => {
  it.each<
    [what: string, (key: Caller, authenticator: SoftwareAuthenticator) => Promise<object>, reason: string]
  >([
    [
      'a proof for another extent',
      async (key, authenticator) => sign(authenticator, await challenge(key, { modification_extent: 0.31 })),
      'proof_invalid',
    ],
    [
      'a proof for another decision',
      async (key, authenticator) => sign(authenticator, await challenge(key, { decision: 'accepted' })),
      'proof_invalid',
    ],
    [
      'a proof for another session',
      async (key, authenticator) => sign(authenticator, await challenge(key, { session_id: 'sess-002' })),
      'mismatch',
    ],
    [
      'a proof without the person recognised',
      async (key, authenticator) => sign(authenticator, await challenge(key), { isVerified: false }),
      'proof_invalid',
    ],
    [
      'a proof made for another page',
      async (key, authenticator) =>
        sign(authenticator, await challenge(key), { at: 'https://gatehouse.example.attacker.example' }),
      'proof_invalid',
    ],
    [
      'a passkey that nobody enrolled',
      async (key) => sign(softwareAuthenticator(), await challenge(key)),
      'proof_invalid',
    ],
    [
      'a counter that does not go up',
      async (key, authenticator) => {
        await score(key, sign(authenticator, await challenge(key), { counter: 7 }), { hover_events: 1 })
        return sign(authenticator, await challenge(key), { counter: 7 })
      },
      'proof_invalid',
    ],
    [
      'what was shown being something else',
      async (key, authenticator) => ({
        ...sign(authenticator, await challenge(key)),
        subject_hash: 'cd'.repeat(32),
      }),
      'proof_invalid',
    ],
    [
      'a nonce a millisecond past its end',
      async (key, authenticator) => {
        const made = sign(authenticator, await challenge(key))
        test.clock.advance(900_001)
        return made
      },
      'expired',
    ],
    [
      'a proof of a session that is not ours',
      async (key) => ({
        method: 'session',
        nonce: (await challenge(key)).nonce,
        proof: `atp_${'A'.repeat(43)}`,
      }),
      'proof_invalid',
    ],
  ])('%s', async (_what, make, reason) => {
    const key = await test.found()
    const authenticator = await enrol(linkOf(key))
    const reply = await score(key, await make(key, authenticator))
    expect(reply.evidence).toMatchObject({ grade: 'asserted', reason, attestation: null })
    expect(await entriesOf(key, 'EVIDENCE_REFUSED')).toMatchObject([{ reason, outcome: 'refused' }])
  })

  it('of twenty scores with the same proof at once, one is attested', async () => {
    const key = await test.found()
    const authenticator = await enrol(linkOf(key))
    const attestation = sign(authenticator, await challenge(key))
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, at) => score(key, attestation, { time_to_decision_ms: 1_000 + at })),
    )
    expect(replies.filter(({ evidence }) => evidence.grade === 'attested')).toHaveLength(1)
  })

  it('what was signed is not improved afterwards: another decision rests on the word of the key again', async () => {
    const key = await test.found()
    const authenticator = await enrol(linkOf(key))
    const reply = await score(key, sign(authenticator, await challenge(key)))
    const body = commitBody.parse({ decision: 'rejected' })
    const committed = await commitScore(test.deps, key, reply.interaction_id, body, test.context())
    expect(committed.evidence).toMatchObject({ grade: 'asserted', attestation: null })
  })
})

describe('org-keys-cannot-enrol-an-operator', () => {
  it('no operation that enrols, confirms or ties is open to a key', () => {
    const own = oversightEndpoints.filter(
      ({ id, path }) => path.includes('own-record') || id.toLowerCase().includes('tiemember'),
    )
    expect(own.length).toBeGreaterThan(15)
    expect(own.filter(({ access }) => access.kind === 'key').map(({ id }) => id)).toEqual([])
  })

  it('an enrolment is an entry that says how the person came, and a challenge is good once', async () => {
    const key = await test.found()
    const person = linkOf(key)
    const authenticator = softwareAuthenticator()
    const { options } = await beginEnrolment(test.deps, person, { rp_id: null }, test.context())
    const registration = authenticator.create(options, origin)
    const body = { name: 'Key ring', registration }
    const { authenticator: made } = await enrolAuthenticator(test.deps, person, body, test.context())
    await expect(enrolAuthenticator(test.deps, person, body, test.context())).rejects.toMatchObject({
      code: 'PROOF_REFUSED',
    })
    expect(await entriesOf(key, 'AUTHENTICATOR_ENROLLED')).toMatchObject([
      { actor_kind: 'link', resource_id: who.operator_id, detail: { enrolled_by: 'link' } },
    ])
    // A removal is an entry, too; what it signed stays signed, and it signs nothing more.
    const asked = await challenge(key)
    await removeAuthenticator(test.deps, person, made.credential_id, test.context())
    expect(await entriesOf(key, 'AUTHENTICATOR_REMOVED')).toHaveLength(1)
    expect((await score(key, sign(authenticator, asked))).evidence).toMatchObject({ reason: 'proof_invalid' })
    await expect(
      removeAuthenticator(test.deps, person, made.credential_id, test.context()),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('a passkey made for another page is refused', async () => {
    const key = await test.found()
    const person = linkOf(key)
    const { options } = await beginEnrolment(test.deps, person, { rp_id: null }, test.context())
    const registration = softwareAuthenticator().create(options, 'https://elsewhere.example')
    const body = { name: 'Key ring', registration }
    await expect(enrolAuthenticator(test.deps, person, body, test.context())).rejects.toMatchObject({
      code: 'PROOF_REFUSED',
    })
  })
})

it('evidence-shares-sum-to-one-everywhere: in profile, organisation and record, to the last decimal', async () => {
  const key = await test.found()
  const authenticator = await enrol(linkOf(key))
  for (let at = 0; at < 7; at += 1)
    await score(key, at % 3 === 0 ? sign(authenticator, await challenge(key)) : null, {
      time_to_decision_ms: 1_000 + at,
      outcome_correct: true,
    })
  const whole = await getOrganization(test.deps, key, { window: '90' }, test.context())
  const { asserted, anchored, attested, n } = whole.evidence_mix
  expect({ n, attested }).toEqual({ n: 7, attested: 0.4286 })
  expect(asserted + anchored + attested).toBe(1)
  const { profile } = await getProfile(test.deps, key, who.operator_id, { window: '90' }, test.context())
  // Of seven decisions nobody shows a share.
  expect(profile.evidence_mix).toBeNull()
})
