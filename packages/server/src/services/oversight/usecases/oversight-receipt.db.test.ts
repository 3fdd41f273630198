import { createHash, createPrivateKey, createPublicKey, verify } from 'node:crypto'
import { toCanonicalJson } from '@gatehouse/kernel/audit'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getOversightReceipt as endpoint } from '../contract/oversight-receipt.ts'
import { flatAuto, flatMustReview, gateAsync } from '../testing/decision-bodies.ts'
import { receiptKey, startTestOversight, type TestOversight } from '../testing/test-oversight.ts'
import { codeOf, useDecisions } from '../testing/use-decisions.ts'
import { anchorHmac, getOversightReceipt, signReceipt } from './oversight-receipt.ts'

let test: TestOversight
const { act, send } = useDecisions(() => test)

beforeAll(async () => {
  test = await startTestOversight()
})
afterAll(() => test.database.drop())

async function receiptOf(key: KeyPrincipal, id: string) {
  return endpoint.reply.schema.parse(await getOversightReceipt(test.deps, key, id, test.context()))
}

type Issued = Awaited<ReturnType<typeof receiptOf>>

/** What a stranger can check with the document and the published keys alone. */
function verifies({ receipt, proof }: Pick<Issued, 'receipt' | 'proof'>): boolean {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
  const isSigned = (keyId: string, text: string, signature: string): boolean => {
    const publicKey = test.publicKeys.get(keyId)
    return (
      publicKey !== undefined &&
      verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url'))
    )
  }
  const { entry_hash: entryHash, signature, ...link } = proof.link
  return (
    sha256(toCanonicalJson(receipt)) === proof.receipt_hash &&
    isSigned(proof.key_id, `gatehouse.oversight-receipt.v1:${proof.receipt_hash}`, proof.signature) &&
    sha256(toCanonicalJson(link)) === entryHash &&
    isSigned(link.key_id, `gatehouse.receipt.v1:${entryHash}`, signature) &&
    link.seq === receipt.decision.event_seq &&
    link.org_id === receipt.org_id
  )
}

describe('oversight-receipt-verifies-offline-by-its-proof', () => {
  it('holds the known answers of the wire', () => {
    // RFC 8032, test key 1.
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    const privateKey = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    })
    const signingKey = { id: 'test-1', privateKey, publicKey: createPublicKey(privateKey) }
    const entry = '47afb089229a407bece8535c69ced9a67324fb71f1e7ca2b4df0f6bd15baf4e4'
    const link = {
      v: 1 as const,
      seq: 1,
      org_id: '00000000-0000-4000-8000-000000000001',
      event_type: 'custom.policy_reviewed',
      ts: '2026-06-30T00:00:00.000Z',
      payload_hash: 'e71da5cca053e0c1615ddb6b6bda370d08372e4a5e298400d47e5abaf1ee076a',
      prev_hash: '0'.repeat(64),
      key_id: 'test-1',
      entry_hash: entry,
      signature: '-MiS9Va5l_80kOMzRIYRWSOzKqpKrdQIIDzZ0UquzWRc01lJnDvTl4NSuUVrTW8rZSwD2WiSQhPUIi-fWBdTBg',
    }
    const receipt = { artifact: 'cohesion_oversight_receipt', receipt_version: '1' }
    const signed = signReceipt(receipt, { id: 'rh-1', key: receiptKey }, signingKey, link)
    expect(signed).toEqual({
      signature: {
        algorithm: 'HMAC-SHA256',
        canonicalization: 'RFC8785',
        key_id: 'rh-1',
        receipt_hmac: 'ad15875228a42423e0ee12972e01f27a59da90f17c6307b1b48ce53081963e2e',
      },
      proof: {
        algorithm: 'Ed25519',
        key_id: 'test-1',
        receipt_hash: 'ca82aac88a669c858b52eb1bbd6e944eb84eb8b041233c4f7b42c5791741c271',
        signature: 'LhgLEft90ji-iOKmf8k3dZi38_cmkqWUNeXzwVNCotPPGM-0LRip_qHlmQAnz6sOY15QTwzB5RQVTv4yYAnAAg',
        link,
      },
    })
    expect(anchorHmac(receiptKey, entry)).toBe(
      '6816804c7e0f8efc3376317309e920774ce5897cbd0ce30fff9a5c61ec2d8fcd',
    )
  })

  it('with the public keys alone, for whatever became of a decision; one changed member and it does not', async () => {
    const key = await test.found()
    const request_id = 'req_01KW0000000000000000000009'
    await send(key, { ...gateAsync, request_id })
    const held = await send(key, { ...gateAsync, request_id, ai_output: { text: 'a draft' } })
    await act(key, held.ai_decision_log_id, { action: 'claim' })
    await act(key, held.ai_decision_log_id, { action: 'approve', decision_time_ms: 41_000 })
    const issued = await receiptOf(key, held.ai_decision_log_id)
    expect(verifies(issued)).toBe(true)
    expect(issued.receipt).toMatchObject({
      org_id: key.orgId,
      decision: {
        id: held.ai_decision_log_id,
        request_id,
        event_type: 'DECISION_SCORED',
        event_seq: held.receipt.seq,
        drs: { pre_ai: 0.4338, post_ai: 0.4338, final: 0.4338, tier: 'medium' },
        routing: { decision: 'async_review', forced_escalation_applied: false },
      },
      human_review: [
        { human_action: 'claim', ai_recommendation_aligned: false, final_decision_returned_at: null },
        {
          human_action: 'approve',
          ai_recommendation_aligned: true,
          decision_time_ms: 41_000,
          reviewer_user_id: 'reviewer-1',
          jis: null,
        },
      ],
      chain_anchor: { hmac_version: 2, verified_at_issuance: true },
    })
    const [, approved] = issued.receipt.human_review
    expect(issued.receipt.decision.linked_human_review_id).toBe(approved?.id)
    expect(issued.receipt.decision.routing.ai_output_released_at).toBe(approved?.reviewed_at)
    expect(issued.proof.link.entry_hash).toBe(held.receipt.entry_hash)
    // What came before it in the chain is the first pass.
    expect(issued.receipt.chain_anchor.previous_event_id).toMatch(/^rcp_/)
    for (const body of [flatAuto, flatMustReview])
      expect(verifies(await receiptOf(key, (await send(key, body)).ai_decision_log_id))).toBe(true)

    const forged = structuredClone(issued)
    forged.receipt.decision.routing.decision = 'auto'
    expect(verifies(forged)).toBe(false)
    const moved = structuredClone(issued)
    moved.proof.link.seq += 1
    expect(verifies(moved)).toBe(false)
  })

  it('is not issued where link, signature or predecessor do not hold, nor to another organisation', async () => {
    const stranger = await test.found()
    const tamperings: readonly [what: string, statement: (seq: number) => string][] = [
      ['a changed type', (seq) => `SET event_type = 'DECISION_RESOLVED' WHERE seq = ${seq}`],
      ['another signature', (seq) => `SET signature = repeat('A', 86) WHERE seq = ${seq}`],
      ['another predecessor', (seq) => `SET entry_hash = repeat('0', 64) WHERE seq = ${seq - 1}`],
      ['a changed body', (seq) => `SET payload = '{}' WHERE seq = ${seq}`],
    ]
    for (const [what, toStatement] of tamperings) {
      const key = await test.found()
      await send(key, flatAuto)
      const { ai_decision_log_id: id, receipt } = await send(key, flatAuto)
      expect(await codeOf(receiptOf(key, id))).toBe('none')
      expect(await codeOf(receiptOf(stranger, id))).toBe('NOT_FOUND')
      await tamper(key.orgId, toStatement(receipt.seq))
      expect({ what, code: await codeOf(receiptOf(key, id)) }).toEqual({
        what,
        code: 'RECEIPT_UNVERIFIABLE',
      })
    }
  })

  /** As somebody who holds the whole database could. */
  async function tamper(orgId: string, change: string): Promise<void> {
    const { pool } = test.database.db
    await pool.query('ALTER TABLE gatehouse.audit_entry NO FORCE ROW LEVEL SECURITY')
    await pool.query(`UPDATE gatehouse.audit_entry ${change} AND org_id = '${orgId}'`)
  }
})
