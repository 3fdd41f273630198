import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuditLog } from '../audit/index.ts'
import { asGate, type InvalidationListener, query } from '../db/index.ts'
import { applyRetention, kernelRetention } from '../retention/index.ts'
import { fakeClock, testDatabase, type TestDatabase } from '../testing/index.ts'
import { createAccessTokens } from './access-token.ts'
import {
  type OpenedSession,
  openSession,
  raceMs,
  refreshTokenMs,
  type RotationVerdict,
  rotateRefreshToken,
} from './refresh.ts'
import { endAllSessions, endSession, listSessions } from './store/session-store.ts'
import { createSessionVerifier, type Membership } from './verify-session.ts'

const clock = fakeClock()
const tokens = createAccessTokens({ current: 1, versions: new Map([[1, randomBytes(32)]]) })
let database: TestDatabase
let orgId: string
const pace = { max: 30, windowSeconds: 60 }

beforeAll(async () => {
  database = await testDatabase()
  orgId = randomUUID()
  await asGate(database, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${orgId}, 'Acme', ${orgId}, now(), now())`.execute(query(tx)),
  )
})
afterAll(() => database.drop())

const open = (userId: string = randomUUID()): Promise<OpenedSession> =>
  asGate(database, (tx) =>
    openSession(tx, { userId, orgId, userAgent: undefined, ip: '192.0.2.1' }, clock.now()),
  )

const rotate = (token: string): Promise<RotationVerdict> =>
  asGate(database, (tx) => rotateRefreshToken(tx, token, pace, clock.now()))

/** The successor; throws when there is none. */
const rotated = async (token: string): Promise<string> => {
  const verdict = await rotate(token)
  if (verdict.kind !== 'rotated') throw new Error(`The token was ${verdict.kind}`)
  return verdict.refreshToken.reveal()
}

it('parallel-refreshes-give-one-successor', async () => {
  const { refreshToken } = await open()
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => rotate(refreshToken.reveal())))
  const winners = verdicts.filter((verdict) => verdict.kind === 'rotated')
  expect(winners).toHaveLength(1)
  expect(verdicts.filter(({ kind }) => kind === 'superseded')).toHaveLength(49)
  expect(await rotated(winners[0]?.refreshToken.reveal() ?? '')).toBeDefined()
})

it('one session is renewed as often as its pace allows in any minute, and its token stays good meanwhile', async () => {
  const { refreshToken } = await open()
  let token = refreshToken.reveal()
  const startedMs = clock.now()
  for (let n = 1; n < pace.max; n += 1) {
    clock.advance(1_000)
    token = await rotated(token)
  }
  const another = await open()
  expect(await rotate(token)).toEqual({ kind: 'too_often', retryAfterSeconds: 31 })
  expect(await rotate(another.refreshToken.reveal())).toMatchObject({ kind: 'rotated' })
  clock.set(startedMs + 59_999)
  expect(await rotate(token)).toEqual({ kind: 'too_often', retryAfterSeconds: 1 })
  clock.set(startedMs + 60_000)
  await rotated(token)
  clock.advance(raceMs)
})

it('late-replay-kills-the-family, and an early one does not', async () => {
  const { refreshToken, session } = await open()
  const second = await rotated(refreshToken.reveal())
  clock.advance(10_000)
  expect(await rotate(refreshToken.reveal())).toEqual({ kind: 'superseded' })
  const third = await rotated(second)
  clock.advance(1)
  const replay = { kind: 'replayed', userId: session.userId, sessionId: session.id, orgId }
  expect(await rotate(refreshToken.reveal())).toEqual(replay)
  expect(await rotate(third)).toEqual({ kind: 'refused', reason: 'ended' })
})

it('a refresh token lives to its last millisecond, and no longer', async () => {
  const [first, second] = [await open(), await open()]
  clock.advance(refreshTokenMs - 1)
  expect(await rotate(first.refreshToken.reveal())).toMatchObject({ kind: 'rotated' })
  clock.advance(1)
  expect(await rotate(second.refreshToken.reveal())).toEqual({ kind: 'refused', reason: 'expired' })
})

it('a token that never was is unknown', async () => {
  expect(await rotate('nothing')).toEqual({ kind: 'refused', reason: 'unknown' })
})

it('only a digest of a refresh token is kept, and nothing once it has expired', async () => {
  const { refreshToken, session } = await open()
  const held = (): Promise<{ rows: { row: string }[] }> =>
    asGate(database, (tx) =>
      sql<{ row: string }>`SELECT t::text AS row FROM gatehouse.refresh_token t
                            WHERE session_id = ${session.id}`.execute(query(tx)),
    )
  const { rows } = await held()
  expect(rows).toHaveLength(1)
  expect(rows[0]?.row).not.toContain(refreshToken.reveal())
  expect(rows[0]?.row).not.toContain(Buffer.from(refreshToken.reveal()).toString('hex'))
  const signingKey = { id: 'test-1', ...generateKeyPairSync('ed25519') }
  const cutting = { db: database.db, audit: createAuditLog(signingKey), clock }
  clock.advance(refreshTokenMs - 1)
  await applyRetention(cutting, kernelRetention, new AbortController().signal)
  expect((await held()).rows).toHaveLength(1)
  clock.advance(1)
  await applyRetention(cutting, kernelRetention, new AbortController().signal)
  expect((await held()).rows).toHaveLength(0)
})

it("a person ends their own sessions and nobody else's", async () => {
  const { session } = await open()
  const end = (userId: string): Promise<boolean> =>
    asGate(database, (tx) => endSession(tx, userId, session.id, 'log_out', clock.now()))
  expect(await end('somebody-else')).toBe(false)
  expect(await end(session.userId)).toBe(true)
  expect(await end(session.userId)).toBe(false)
  expect(await asGate(database, (tx) => listSessions(tx, session.userId, clock.now()))).toEqual([])
})

/** A verifier on a channel in the test's hand, over one membership that the test may change. */
const startVerifier = () => {
  const listeners = new Set<InvalidationListener>()
  const state: { isUp: boolean; membership: Membership | undefined } = {
    isUp: true,
    membership: { role: 'owner', isOrgSuspended: false, needsIssuer: false },
  }
  const verifier = createSessionVerifier({
    db: database.db,
    tokens,
    clock,
    findMembership: async () => state.membership,
    invalidations: {
      isConnected: () => state.isUp,
      tell: () => undefined,
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      stop: async () => undefined,
    },
  })
  return { state, verifier, tell: (subject: string) => listeners.forEach((listener) => listener(subject)) }
}

const sign = ({ session: { userId, id: sessionId } }: OpenedSession): Promise<string> =>
  tokens.sign({ userId, orgId, sessionId, tokenId: randomUUID(), issuedAtMs: clock.now() })

it('an access token opens what its member may do now', async () => {
  const opened = await open()
  const { state, verifier, tell } = startVerifier()
  const token = await sign(opened)
  const roleOf = async (): Promise<string> => {
    const verdict = await verifier.verify(token)
    return verdict.accepted ? verdict.role : verdict.reason
  }
  expect(await roleOf()).toBe('owner')
  state.membership = { role: 'viewer', isOrgSuspended: false, needsIssuer: false }
  expect(await roleOf()).toBe('owner')
  tell(`user:${opened.session.userId}`)
  expect(await roleOf()).toBe('viewer')
  state.membership = { role: 'viewer', isOrgSuspended: true, needsIssuer: false }
  tell(`org:${orgId}`)
  expect(await roleOf()).toBe('org_suspended')
  state.membership = undefined
  tell('*')
  expect(await roleOf()).toBe('not_a_member')
})

it('log-out everywhere ends what every node remembers', async () => {
  const opened = await open()
  const { verifier, tell } = startVerifier()
  const token = await sign(opened)
  expect(await verifier.verify(token)).toMatchObject({ accepted: true })
  await asGate(database, (tx) => endAllSessions(tx, opened.session.userId, 'log_out_all', clock.now()))
  tell(`user:${opened.session.userId}`)
  expect(await verifier.verify(token)).toMatchObject({ accepted: false, reason: 'session_ended' })
  expect(await rotate(opened.refreshToken.reveal())).toEqual({ kind: 'refused', reason: 'ended' })
})

it('while the channel is down no remembered session is trusted', async () => {
  const opened = await open()
  const { state, verifier } = startVerifier()
  const token = await sign(opened)
  await verifier.verify(token)
  await asGate(database, (tx) =>
    endSession(tx, opened.session.userId, opened.session.id, 'log_out', clock.now()),
  )
  // The hand-held channel has said nothing, so a remembered session would still pass.
  expect(await verifier.verify(token)).toMatchObject({ accepted: true })
  state.isUp = false
  expect(await verifier.verify(token)).toMatchObject({ accepted: false, reason: 'session_ended' })
})
