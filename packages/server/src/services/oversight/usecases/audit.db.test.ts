import { createHash, type KeyObject, verify } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import {
  decideAsSystem,
  exportChain,
  exportCheckpoints,
  pruneAuditBodies,
  verifyExport,
  writeCheckpoints,
} from '@gatehouse/kernel/audit'
import { asGate, query } from '@gatehouse/kernel/db'
import { RawReply } from '@gatehouse/kernel/endpoint'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendBody } from '../contract/audit.ts'
import { batchBody, scoreBody } from '../contract/scoring.ts'
import { publishedEvents, toPublishedEvent, toStoredEvents } from '../domain/audit-events.ts'
import { startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { appendAudit } from './append-audit.ts'
import { getReceipt } from './get-receipt.ts'
import { exportAuditEvents, listAuditEvents, toExportText } from './read-audit.ts'
import { scoreBatch, scoreInteraction } from './score.ts'
import { verifyOwnChain } from './verify-chain.ts'

let test: TestOversight

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

const decided = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'modified',
  modification_extent: 0.3,
  scenario_type: 'standard',
}
const one = { session_id: 'sess-001', operator_id: 'analyst-42', domain: 'financial', interaction: decided }

const score = (key: KeyPrincipal, body: object = one) =>
  scoreInteraction(test.deps, key, scoreBody.parse(body), 'full', test.context())
const append = (key: KeyPrincipal, body: object) =>
  appendAudit(test.deps, key, appendBody.parse(body), test.context())
const list = (key: KeyPrincipal, event_type?: string) =>
  listAuditEvents(test.deps, key, { event_type, limit: 100 }, test.context())
const receiptOf = (key: KeyPrincipal, id: string, item?: string) =>
  getReceipt(test.deps, key, id, item, test.context())
const chainOf = (key: KeyPrincipal, range: { from_seq?: number; to_seq?: number } = {}) =>
  verifyOwnChain(test.deps, key, range, test.context())

const sha256 = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

type Shown = Awaited<ReturnType<typeof receiptOf>>

/** By what the specification's page on receipts says, and nothing of this repository. */
function isSound({ receipt, link, payload, proof }: Shown, publicKey: KeyObject): boolean {
  const members = Object.entries(link).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const canonical = `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
  const entryHash = sha256(canonical).toString('hex')
  const signature = Buffer.from(receipt.signature, 'base64url')
  const isSigned = verify(null, Buffer.from(`gatehouse.receipt.v1:${entryHash}`), publicKey, signature)
  const isOfPayload = payload === null || sha256(payload).toString('hex') === receipt.payload_hash
  if (proof === null) return isSigned && isOfPayload && entryHash === receipt.entry_hash
  let node = sha256(Buffer.of(0), proof.item)
  for (const { hash, side } of proof.path) {
    const neighbour = Buffer.from(hash, 'hex')
    node = side === 'left' ? sha256(Buffer.of(1), neighbour, node) : sha256(Buffer.of(1), node, neighbour)
  }
  const { root } = JSON.parse(payload ?? '{}') as { root?: string }
  return isSigned && isOfPayload && entryHash === receipt.entry_hash && node.toString('hex') === root
}

describe('receipts-verify-offline-from-this-page-alone', () => {
  const publicKey = (): KeyObject => {
    const key = test.publicKeys.get('test-1')
    if (key === undefined) throw new Error('The key is not published')
    return key
  }

  it('of a single score, with its payload', async () => {
    const key = await test.found()
    const { receipt } = await score(key)
    const shown = await receiptOf(key, receipt.receipt_id)
    expect(shown.receipt).toEqual(receipt)
    expect(isSound(shown, publicKey())).toBe(true)
    expect(isSound({ ...shown, payload: `${shown.payload} ` }, publicKey())).toBe(false)
    expect(isSound({ ...shown, link: { ...shown.link, seq: 9 } }, publicKey())).toBe(false)
  })

  it('of each item of a batch of 100, over at most seven hashes', async () => {
    const key = await test.found()
    const interactions = Array.from({ length: 100 }, (_item, at) => ({
      ...decided,
      hover_events: at,
      ...(at % 2 === 0 ? { session_id: `item-${at}` } : {}),
    }))
    const body = batchBody.parse({
      session_id: 'batch',
      operator_id: 'analyst-42',
      domain: 'financial',
      interactions,
    })
    const { receipt, results } = await scoreBatch(test.deps, key, body, test.context())
    for (const at of [0, 1, 62, 63, 64, 99]) {
      const id = results[at]?.interaction_id
      const shown = await receiptOf(key, receipt.receipt_id, at % 2 === 0 ? `item-${at}` : id)
      expect(shown.proof).toMatchObject({ index: at, count: 100 })
      expect(shown.proof?.path.length).toBeLessThanOrEqual(7)
      expect(isSound(shown, publicKey())).toBe(true)
      if (shown.proof === null) throw new Error('The item has no proof')
      const forged = { ...shown.proof, item: shown.proof.item.replace('modified', 'accepted') }
      expect(isSound({ ...shown, proof: forged }, publicKey())).toBe(false)
    }
    await expect(receiptOf(key, receipt.receipt_id, 'batch')).rejects.toMatchObject({
      fields: [{ field: 'session_id', message: 'names 50 items of this batch: give an interaction_id' }],
    })
  })

  it('and nobody else’s: another org’s receipt is not there', async () => {
    const { receipt } = await score(await test.found())
    const stranger = await test.found()
    await expect(receiptOf(stranger, receipt.receipt_id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('events of one’s own', () => {
  it('what is appended is an entry, whose receipt quotes its link', async () => {
    const key = await test.found()
    const { receipt } = await append(key, { event_type: 'custom.policy_reviewed', payload: { note: 'Q3' } })
    const shown = await receiptOf(key, receipt.receipt_id)
    expect(JSON.parse(shown.payload ?? '')).toMatchObject({
      event_type: 'custom.policy_reviewed',
      kind: 'append',
      note: 'Q3',
    })
    expect(await chainOf(key)).toMatchObject({ valid: true, checked: 1, broken_at: null, reason: null })
    expect((await list(key, 'custom.policy_reviewed')).events).toMatchObject([
      { method: 'POST', path: '/v1/audit/append', status: 201, api_key_prefix: key.keyPrefix },
    ])
  })

  it('a hash stands for a payload that stays where it is', async () => {
    const key = await test.found()
    const payload_hash = 'ab'.repeat(32)
    const { receipt } = await append(key, { event_type: 'custom.x', payload_hash })
    const { payload } = await receiptOf(key, receipt.receipt_id)
    expect(JSON.parse(payload ?? '')).toMatchObject({ payload_hash })
  })

  it.each([
    ['in a value', { note: '\ud83d' }],
    ['deeper', { note: [{ deep: ['fine', '\udc00'] }] }],
    ['in a name', { note: { '\ud83d': 1 } }],
  ])('half a character has no hash, and is refused: %s', (_where, payload) => {
    const { error } = appendBody.safeParse({ event_type: 'custom.odd', payload })
    expect(error?.issues).toMatchObject([{ path: ['payload'], message: 'must not contain half a character' }])
    expect(
      appendBody.safeParse({ event_type: 'custom.odd', payload: { note: '\ud83d\ude42' } }).success,
    ).toBe(true)
  })

  it('nobody writes what says who did it, nor both forms, nor more than 16 KiB', async () => {
    const key = await test.found()
    await expect(append(key, { event_type: 'custom.x', payload: { actor_id: 'me' } })).rejects.toMatchObject({
      fields: [{ field: 'payload.actor_id' }],
    })
    const long = (length: number) => ({ event_type: 'custom.x', payload: { a: 'x'.repeat(length) } })
    expect(appendBody.safeParse(long(16_384 - 8)).success).toBe(true)
    expect(appendBody.safeParse(long(16_384 - 7)).success).toBe(false)
    expect(appendBody.safeParse({ event_type: 'custom.x' }).success).toBe(false)
    expect(appendBody.safeParse({ event_type: 'score.x', payload: {} }).success).toBe(false)
  })
})

describe('the audit log', () => {
  it('shows what the platform wrote under the names of this API, and finds it by them', async () => {
    for (const name of publishedEvents.filter((event) => event !== 'custom.*')) {
      const { actions, reasons } = toStoredEvents(name)
      const reason = reasons !== undefined && 'are' in reasons ? reasons.are[0] : 'unknown'
      expect(actions.map((action) => toPublishedEvent(action, reason))).toEqual(actions.map(() => name))
    }
    expect(toPublishedEvent('webhook.create', undefined)).toBe('webhook.create')
  })

  it('tells refusals apart by their reason', async () => {
    const key = await test.found()
    const reasons = ['unknown', 'over_limit_before_proof', 'over_limit_after_proof']
    await decideAsSystem(
      test.deps,
      { kind: 'system', orgId: key.orgId, because: 'gate' },
      async (_tx, decide) => {
        for (const reason of reasons)
          await decide({
            action: 'auth.refused',
            resourceId: key.keyPrefix,
            outcome: 'refused',
            reason,
            detail: { ip: '192.0.2.1', route: 'POST /v1/score', count: 1 },
            at: test.clock.now(),
          })
      },
    )
    for (const [name, reason, status] of [
      ['AUTH_FAIL', 'unknown', 401],
      ['AUTH_FAIL_RATE_LIMITED_IP', 'over_limit_before_proof', 401],
      ['AUTH_FAIL_RATE_LIMITED_KEY', 'over_limit_after_proof', 429],
    ] as const)
      expect((await list(key, name)).events).toMatchObject([
        {
          event_type: name,
          detail: reason,
          status,
          method: 'POST',
          path: '/v1/score',
          api_key_prefix: key.keyPrefix,
        },
      ])
  })

  it('is exported oldest first, under a signature that the published key verifies', async () => {
    const key = await test.found()
    for (const session_id of ['a', 'b', 'c']) await score(key, { ...one, session_id })
    const { body, headers } = await exportAuditEvents(test.deps, key, { limit: 2 })
    if (typeof body !== 'string') throw new Error('A limited export is sent at once')
    const lines = body.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: 1, event_type: 'SCORE_RECORDED', api_key_prefix: key.keyPrefix },
      { id: 2 },
    ])
    const signature = Buffer.from(
      headers['x-cohesion-export-signature']?.replace('ed25519=', '') ?? '',
      'base64url',
    )
    const isSigned = (of: string): boolean =>
      verify(null, Buffer.from(toExportText(of)), test.deps.signingKey.publicKey, signature)
    expect(isSigned(body)).toBe(true)
    expect(isSigned(`${body} `)).toBe(false)
    const whole = await exportAuditEvents(test.deps, key, {})
    expect(whole).toBeInstanceOf(RawReply)
    expect(whole.headers['x-cohesion-export-signature']).toBeUndefined()
    if (!(whole.body instanceof Readable)) throw new Error('The whole chain does not stream')
    expect((await text(whole.body)).match(/"kind":"checkpoint"/g)).toHaveLength(1)
  })
})

describe('a chain that somebody changed', () => {
  const change = (orgId: string, set: string) =>
    asGate(test.deps, async (tx) => {
      await sql`RESET ROLE`.execute(query(tx))
      await sql
        .raw(`UPDATE gatehouse.audit_entry SET ${set} WHERE org_id = '${orgId}' AND seq = 2`)
        .execute(query(tx))
    })

  it.each([
    ['content', `payload = replace(payload, 'analyst-42', 'analyst-43')`],
    ['linkage', `prev_hash = repeat('1', 64)`],
    ['signature', `signature = reverse(signature)`],
  ])('is named by its entry and as a fault of %s', async (reason, set) => {
    const key = await test.found()
    for (const session_id of ['a', 'b', 'c']) await score(key, { ...one, session_id })
    expect(await chainOf(key, { from_seq: 2, to_seq: 3 })).toMatchObject({
      valid: true,
      checked: 2,
      first_seq: 2,
      last_seq: 3,
    })
    await change(key.orgId, set)
    expect(await chainOf(key)).toMatchObject({ valid: false, broken_at: 2, reason })
    expect(await chainOf(key, { from_seq: 1, to_seq: 2 })).toMatchObject({
      valid: false,
      broken_at: 2,
      reason,
    })
    expect(await chainOf(key, { from_seq: 3 })).toMatchObject({ valid: true, checked: 1 })
  })
})

it('checkpoints-outlive-pruned-bodies: after ninety days a receipt, its chain and the signed checkpoint still verify', async () => {
  const dayMs = 86_400_000
  const key = await test.found()
  const { receipt } = await score(key)
  const sign = () =>
    writeCheckpoints(test.deps, test.deps.signingKey, test.clock.now(), new AbortController().signal)
  const readCheckpoints = () => Array.fromAsync(exportCheckpoints(test.deps, key))
  await sign()
  const signed = await readCheckpoints()
  expect(signed.map(({ seq }) => seq)).toEqual([receipt.seq])
  test.clock.advance(91 * dayMs)
  await append(key, { event_type: 'custom.later', payload: { note: 'young' } })
  const nowMs = test.clock.now()
  await pruneAuditBodies(test.deps, { throughMs: nowMs - 90 * dayMs, atMs: nowMs, limit: 1_000 })
  await sign()

  const shown = await receiptOf(key, receipt.receipt_id)
  expect(shown).toMatchObject({ payload: null, receipt })
  const publicKey = test.publicKeys.get('test-1')
  expect(publicKey !== undefined && isSound(shown, publicKey)).toBe(true)
  expect(await chainOf(key)).toMatchObject({ valid: true, first_seq: 1 })
  const kept = await readCheckpoints()
  expect(kept[0]).toEqual(signed[0])
  const lines = [
    ...kept.map((checkpoint) => ({ kind: 'checkpoint', ...checkpoint })),
    ...(await Array.fromAsync(exportChain(test.deps, key))),
  ].map((line) => JSON.stringify(line))
  expect(await verifyExport(lines, test.publicKeys)).toMatchObject({ intact: true })
  // Without its body an entry is still held by the checkpoint: another one in its place is found.
  const forged = lines.map((line) => line.replaceAll(receipt.payload_hash, 'f'.repeat(64)))
  expect(await verifyExport(forged, test.publicKeys)).toMatchObject({ intact: false })
})
