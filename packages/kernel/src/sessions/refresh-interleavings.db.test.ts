import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asGate, query } from '../db/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { openSession, raceMs, refreshTokenMs, rotateRefreshToken } from './refresh.ts'

let database: TestDatabase
const orgId = randomUUID()

beforeAll(async () => {
  database = await testDatabase()
  await asGate(database, (tx) =>
    sql`INSERT INTO gatehouse.org (org_id, name, slug, created_at, updated_at)
        VALUES (${orgId}, 'Acme', ${orgId}, now(), now())`.execute(query(tx)),
  )
})
afterAll(() => database.drop())

/** An action with a token of the family: the newest, or an earlier one; by one caller, or several at the same time. */
type Act =
  | { readonly kind: 'refresh'; readonly back: number; readonly atOnce: number }
  | { readonly kind: 'pass'; readonly ms: number }

const acts = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('refresh' as const),
      back: fc.nat({ max: 3 }),
      atOnce: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(1, raceMs - 1, raceMs, raceMs + 1, refreshTokenMs - 1, refreshTokenMs),
    }),
  ),
  { minLength: 1, maxLength: 12 },
)

type Token = { readonly text: string; readonly expiresAtMs: number; usedAtMs: number | undefined }

/** The rules of S3 and S4, as one would tell them. */
function expected(token: Token, isAlive: boolean, nowMs: number): string {
  if (!isAlive) return 'refused'
  if (token.usedAtMs !== undefined) return nowMs - token.usedAtMs <= raceMs ? 'superseded' : 'replayed'
  return token.expiresAtMs > nowMs ? 'rotated' : 'refused'
}

it('under any interleaving a family has at most one live token, loses no race, and dies of a late replay', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (script: readonly Act[]) => {
      let nowMs = Date.UTC(2026, 5, 1)
      let isAlive = true
      const start = { userId: randomUUID(), orgId, userAgent: undefined, ip: '192.0.2.1' }
      const opened = await asGate(database, (tx) => openSession(tx, start, nowMs))
      const tokens: Token[] = []
      const add = (text: string) =>
        tokens.push({ text, expiresAtMs: nowMs + refreshTokenMs, usedAtMs: undefined })
      add(opened.refreshToken.reveal())
      for (const act of script) {
        if (act.kind === 'pass') {
          nowMs += act.ms
          continue
        }
        const token = tokens[Math.max(0, tokens.length - 1 - act.back)]
        if (token === undefined) throw new Error('A family always has a token')
        const verdicts = await Promise.all(
          Array.from({ length: act.atOnce }, () =>
            asGate(database, (tx) =>
              rotateRefreshToken(tx, token.text, { max: 1_000, windowSeconds: 60 }, nowMs),
            ),
          ),
        )
        const kinds = verdicts.map(({ kind }) => kind).toSorted()
        const first = expected(token, isAlive, nowMs)
        const rest: string | readonly string[] =
          first === 'rotated' ? 'superseded' : first === 'replayed' ? ['refused', 'replayed'] : first
        expect(kinds).toContain(first)
        if (first === 'rotated') expect(kinds.filter((kind) => kind === 'rotated')).toHaveLength(1)
        for (const kind of without(kinds, first)) expect([rest].flat()).toContain(kind)
        if (first === 'rotated') {
          token.usedAtMs = nowMs
          for (const verdict of verdicts) if (verdict.kind === 'rotated') add(verdict.refreshToken.reveal())
        }
        if (first === 'replayed') isAlive = false
      }
    }),
    { numRuns: 60 },
  )
})

/** All but one of that kind. */
function without(kinds: readonly string[], one: string): readonly string[] {
  return kinds.filter((_kind, index) => index !== kinds.indexOf(one))
}
