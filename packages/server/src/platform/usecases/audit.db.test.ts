import { text } from 'node:stream/consumers'
import { verifyExport } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { changeRole } from './change-role.ts'
import { exportAuditLogs } from './export-audit-logs.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { verifyAuditLogs } from './verify-audit-logs.ts'

let platform: TestPlatform
let owner: MemberPrincipal
let member: MemberPrincipal

beforeAll(async () => {
  platform = await startTestPlatform()
  owner = await platform.found()
  member = await platform.join(owner.orgId, 'member')
  for (const role of ['viewer', 'member', 'viewer', 'member'] as const) {
    platform.clock.advance(1_000)
    await changeRole(platform.deps, owner, member.userId, role)
  }
})
afterAll(() => platform.database.drop())

it('pages neither repeat nor skip an entry, though the chain grows meanwhile', async () => {
  const { deps } = platform
  const first = await listAuditLogs(deps, owner, { limit: 4 })
  await changeRole(deps, owner, member.userId, 'viewer')
  const second = await listAuditLogs(deps, owner, { limit: 4, cursor: first.nextCursor ?? '' })
  expect([first.hasMore, second.hasMore]).toEqual([true, false])
  expect(second.nextCursor).toBeNull()
  expect([...first.auditLogs, ...second.auditLogs].map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 2, 1])
})

it("another org's cursor, or one of another making, is refused by name", async () => {
  const { deps, found } = platform
  const { nextCursor } = await listAuditLogs(deps, owner, { limit: 1 })
  const refused = { code: 'VALIDATION_ERROR', fields: [{ field: 'cursor' }] }
  const stranger = await found()
  await expect(listAuditLogs(deps, stranger, { limit: 1, cursor: nextCursor ?? '' })).rejects.toMatchObject(
    refused,
  )
  await expect(listAuditLogs(deps, owner, { limit: 1, cursor: 'bm9wZQ' })).rejects.toMatchObject(refused)
})

it('a prefix that ends in a dot finds its family, and a whole action only itself', async () => {
  const { deps } = platform
  const actions = async (action: string): Promise<string[]> =>
    (await listAuditLogs(deps, owner, { action, limit: 100 })).auditLogs.map((entry) => entry.eventType)
  expect(new Set(await actions('member.'))).toEqual(new Set(['member.join', 'member.change_role']))
  expect(new Set(await actions('member.join'))).toEqual(new Set(['member.join']))
  expect(await actions('member')).toEqual([])
})

it('actor, resource and time narrow the list; the end of a span is not in it', async () => {
  const { deps } = platform
  const all = (await listAuditLogs(deps, owner, { action: 'member.change_role', limit: 100 })).auditLogs
  const [from, to] = [Date.parse(all[3]?.createdAt ?? ''), Date.parse(all[1]?.createdAt ?? '')]
  const span = await listAuditLogs(deps, owner, { action: 'member.change_role', from, to, limit: 100 })
  expect(span.auditLogs.map(({ seq }) => seq)).toEqual([all[2]?.seq, all[3]?.seq])
  const byMember = await listAuditLogs(deps, owner, { userId: member.userId, limit: 100 })
  expect(byMember.auditLogs.map(({ eventType }) => eventType)).toEqual(['member.join'])
  const aboutOrg = await listAuditLogs(deps, owner, {
    resourceType: 'org',
    resourceId: owner.orgId,
    limit: 100,
  })
  expect(aboutOrg.auditLogs.map(({ eventType }) => eventType)).toEqual(['org.create'])
})

it('the chain verifies, and its export verifies by itself', async () => {
  const { deps } = platform
  expect(await verifyAuditLogs(deps, owner)).toMatchObject({ intact: true, faults: [] })
  const lines = (await text(await exportAuditLogs(deps, owner))).trimEnd().split('\n')
  const verdict = await verifyExport(lines, deps.auditKeys)
  expect(verdict).toMatchObject({ intact: true, faults: [] })
  expect(lines.every((line) => line.includes(owner.orgId))).toBe(true)
  const [last] = (await listAuditLogs(deps, owner, { limit: 1 })).auditLogs
  expect(last).toMatchObject({ action: 'audit.export', seq: verdict.headSeq, entryHash: verdict.headHash })
})
