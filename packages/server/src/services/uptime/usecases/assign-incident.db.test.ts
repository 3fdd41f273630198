import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestUptime, type TestUptime, toKey } from '../testing/test-uptime.ts'
import { assignIncident } from './assign-incident.ts'
import { createIncident } from './create-incident.ts'
import { acknowledgeIncident, resolveIncident } from './handle-incident.ts'
import { getIncident, listIncidents } from './list-incidents.ts'

let uptime: TestUptime
/** Who is a member of which org. */
const members = new Map<string, readonly string[]>()

beforeAll(async () => {
  uptime = await startTestUptime({
    listMemberNames: async (tx, ids) =>
      new Map(ids.filter((id) => members.get(tx.orgId)?.includes(id) === true).map((id) => [id, id])),
  })
})
afterAll(() => uptime.database.drop())

async function open(): Promise<{ readonly ann: MemberPrincipal; readonly id: string }> {
  const ann = await uptime.found()
  members.set(ann.orgId, [ann.userId, 'bob'])
  const { id } = await createIncident(uptime.deps, ann, { title: 'Slow' })
  return { ann, id }
}

describe('an-incident-is-given-to-a-member', () => {
  it('or to nobody, and says who gave it to whom and when', async () => {
    const { ann, id } = await open()
    const first = uptime.clock.now()
    expect(await assignIncident(uptime.deps, ann, id, 'bob')).toMatchObject({ assigneeId: 'bob' })
    uptime.clock.advance(1_000)
    await assignIncident(uptime.deps, toKey(ann), id, null)
    expect(await getIncident(uptime.deps, ann, id)).toMatchObject({
      assigneeId: null,
      assignments: [
        { at: new Date(first).toISOString(), assigneeId: 'bob', by: ann.userId },
        { at: new Date(first + 1_000).toISOString(), assigneeId: null, by: 'mk_12345678' },
      ],
    })
    await assignIncident(uptime.deps, ann, id, 'bob')
    expect((await listIncidents(uptime.deps, ann, {})).incidents).toMatchObject([{ id, assigneeId: 'bob' }])
  })

  it('and not to a member of another organisation, which the field says', async () => {
    const { ann, id } = await open()
    const stranger = await uptime.found()
    members.set(stranger.orgId, [stranger.userId])
    await expect(assignIncident(uptime.deps, ann, id, stranger.userId)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      fields: [{ field: 'assigneeId' }],
    })
    await expect(assignIncident(uptime.deps, stranger, id, stranger.userId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await getIncident(uptime.deps, ann, id)).toMatchObject({ assigneeId: null, assignments: [] })
  })

  it('while it is not resolved', async () => {
    const { ann, id } = await open()
    await resolveIncident(uptime.deps, ann, id, undefined)
    await expect(assignIncident(uptime.deps, ann, id, 'bob')).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('and each time is written in the audit log', async () => {
    const { ann, id } = await open()
    await assignIncident(uptime.deps, ann, id, 'bob')
    await assignIncident(uptime.deps, ann, id, 'bob')
    const { rows } = await uptime.database.db.pool.query<{ readonly count: string }>(
      `SELECT count(*) FROM gatehouse.audit_entry WHERE event_type = 'incident.assign' AND resource_id = $1`,
      [id],
    )
    expect(Number(rows[0]?.count)).toBe(2)
    expect((await getIncident(uptime.deps, ann, id)).assignments).toHaveLength(1)
  })
})

describe('whoever-acknowledges-what-nobody-has-has-it', () => {
  it('if it is a person', async () => {
    const { ann, id } = await open()
    expect(await acknowledgeIncident(uptime.deps, ann, id)).toMatchObject({ assigneeId: ann.userId })
  })

  it('unless somebody else has it already', async () => {
    const { ann, id } = await open()
    await assignIncident(uptime.deps, ann, id, 'bob')
    expect(await acknowledgeIncident(uptime.deps, ann, id)).toMatchObject({ assigneeId: 'bob' })
  })

  it('and a key is nobody who could have it', async () => {
    const { ann, id } = await open()
    expect(await acknowledgeIncident(uptime.deps, toKey(ann), id)).toMatchObject({ assigneeId: null })
  })
})
