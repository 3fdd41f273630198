import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drillRunbook } from '../src/local/drill/drill-runbook.ts'
import { type DrillGround, withDrillGround } from '../src/local/drill/drill-ground.ts'
import { listRunbooks } from '../src/local/index.ts'
import { runbooks } from '../src/local/runbooks/index.ts'
import type { Step } from '../src/local/runbooks/runbook.ts'
import {
  listRunbookRecords,
  type RunbookId,
  runbookIds,
  type RunbookRecord,
} from '../src/operations/runbook-records.ts'

const own = mkdtempSync(join(tmpdir(), 'gatehouse-records-'))
const teller = { begins: () => undefined, ended: () => undefined }
const leftovers = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('gatehouse-drill-'))

let ground: DrillGround
let endDrills: () => Promise<void>
const before = leftovers()

beforeAll(async () => {
  const ready = Promise.withResolvers<DrillGround>()
  const over = Promise.withResolvers<void>()
  const held = withDrillGround(async (made) => {
    ready.resolve(made)
    await over.promise
  })
  held.catch(ready.reject)
  ground = await ready.promise
  endDrills = async () => {
    over.resolve()
    await held
  }
})
afterAll(() => rmSync(own, { recursive: true, force: true }))

const drill = (id: RunbookId) =>
  drillRunbook(ground, id, { dataFolder: own, teller, signal: AbortSignal.timeout(120_000) })

const stepOf = ({ steps }: RunbookRecord, id: string) => steps.find((step) => step.id === id)

/** What each drill saw of the old secret, in the words of its record. */
const proofs: Readonly<Record<RunbookId, readonly [step: string, found: object]>> = {
  'paddle-api-key': ['old-is-refused', { old: 403, new: 200 }],
  'paddle-webhook-secret': ['old-is-refused', { old: 401 }],
  'database-url': ['old-is-refused', { old: 'refused', new: 'accepted' }],
  'deploy-token': ['tokens-are-tried', { old: 401, new: 200 }],
  'metrics-token': ['old-is-404', { old: 404, new: 200 }],
  'sentry-dsn': ['test-event', { new: 'accepted', old: 'refused' }],
  'exchange-keys': ['none-is-set', { held: 0 }],
  'customer-keys': ['old-keys-are-refused', { left: 0 }],
  'jwt-key': ['old-token-is-refused', { status: 401, versions: 1 }],
  pepper: ['old-is-refused', { behind: 0 }],
  'master-key': ['nothing-is-behind', { behind: 0, versions: 1 }],
  'signing-key': ['old-one-is-refused', { forgedRefused: 1 }],
  'webhook-secret': ['old-signs-nothing', { state: 'enabled' }],
}

describe('what is done when a secret is exposed', () => {
  it.each(runbookIds)('rotate-first-investigate-second: %s', (id) => {
    const steps: readonly Step[] = runbooks[id].steps
    const kinds = steps.map(({ kind }) => kind)
    expect(kinds[0]).toBe('rotate')
    expect(kinds).toContain('check')
    const firstLook = kinds.indexOf('investigate')
    if (firstLook >= 0) expect(kinds.lastIndexOf('rotate')).toBeLessThan(firstLook)
    expect(new Set(steps.map((step) => step.id)).size).toBe(steps.length)
  })

  // The pepper before the customers' keys: those revoke the key that the pepper has to move.
  it.each(runbookIds.toReversed())(
    'every-runbook-drills-in-seconds, and the old secret is refused: %s',
    async (id) => {
      const { record, file } = await drill(id)
      expect(record.steps.filter(({ state }) => state !== 'done')).toEqual([])
      expect(record).toMatchObject({ runbook: id, isDrill: true, outcome: 'done' })
      const [step, found] = proofs[id]
      expect(stepOf(record, step)?.found).toMatchObject(found)
      expect(record.steps.every(({ ms, waitedMs }) => ms >= waitedMs)).toBe(true)
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect((await listRunbookRecords(own, { isDrill: true })).get(id)).toEqual(record)
      expect((await listRunbookRecords(own, { isDrill: false })).get(id)).toBeUndefined()
      const entries = await ground.locally((local) =>
        within(local, { kind: 'system', orgId: instanceOrgId, because: 'test' }, (tx) =>
          listEntries(tx, { actions: ['runbook.'], resourceId: id }, { limit: 100 }),
        ),
      )
      const told = entries.map(({ event_type: action }) => action).toReversed()
      expect(told).toEqual(['runbook.begin', ...record.steps.map(() => 'runbook.step'), 'runbook.run'])
    },
  )

  it('what investigations are for is found: payments that somebody else began, and events that never arrived', async () => {
    const records = await listRunbookRecords(own, { isDrill: true })
    const found = (id: RunbookId, step: string) =>
      records.get(id)?.steps.find((one) => one.id === step)?.found
    expect(found('paddle-api-key', 'foreign-transactions')).toMatchObject({
      seen: 1,
      foreign: ['txn_of_somebody_else'],
    })
    expect(found('paddle-api-key', 'foreign-subscriptions')).toMatchObject({
      foreign: ['sub_of_somebody_else'],
    })
    expect(found('paddle-webhook-secret', 'missed-events')).toMatchObject({ read: 1, missed: 1 })
    expect(found('database-url', 'new-addresses')).toMatchObject({ since: expect.any(String) })
    expect(found('customer-keys', 'ask-owners')).toMatchObject({ asked: 1 })
    expect(found('customer-keys', 'who-has-not')).toMatchObject({ replaced: [ground.org], waiting: [] })
    const [mail] = ground.mails.filter((text) => text.includes('rotate-key'))
    expect(mail).toContain('drill@example.com')
    // The key that its owner never replaced.
    const { status } = await fetch(`${ground.origin}/api/v1/monitors`, {
      headers: { authorization: `Bearer ${ground.apiKey}` },
    })
    expect(status).toBe(401)
  })

  it('records hold no secret, and a drill leaves nothing but its record', async () => {
    const listed = await listRunbooks({ env: { GATEHOUSE_DATA: own }, folder: own })
    expect(listed.map(({ id }) => id)).toEqual([...runbookIds])
    expect(listed.every(({ lastDrill, last }) => lastDrill !== null && last === null)).toBe(true)
    const text = JSON.stringify(listed)
    const secrets = [
      'METRICS_TOKEN',
      'PADDLE_API_KEY',
      'PADDLE_WEBHOOK_SECRET',
      'DATABASE_URL',
      'SENTRY_DSN',
    ] as const
    const now = await ground.locally(async ({ secrets: live }) =>
      secrets.map((name) => live.current(name)?.reveal()),
    )
    for (const secret of [...secrets.map((name) => ground.env[name]), ...now]) {
      if (secret === undefined) throw new Error('The drill has all of these secrets')
      expect(text).not.toContain(secret)
    }
    const data = ground.env['GATEHOUSE_DATA'] ?? ''
    expect(existsSync(data)).toBe(true)
    await endDrills()
    expect(existsSync(data)).toBe(false)
    expect(leftovers()).toEqual(before)
  })
})
