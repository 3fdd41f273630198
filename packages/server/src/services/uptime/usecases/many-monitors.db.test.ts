import { decideWithin, query } from '@gatehouse/kernel/db'
import type { MemberPrincipal, Principal } from '@gatehouse/kernel/principal'
import { watchStatements } from '@gatehouse/kernel/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestUptime, type TestUptime } from '../testing/test-uptime.ts'
import { changeMonitors } from './change-monitors.ts'
import { createMonitor } from './create-monitor.ts'
import { createService } from './create-service.ts'
import { deleteMonitors } from './delete-monitors.ts'
import { getMonitor } from './get-monitor.ts'
import { getUptime } from './get-uptime.ts'
import { listIncidents } from './list-incidents.ts'
import { listMonitors } from './list-monitors.ts'
import { updateMonitor } from './update-monitor.ts'

let uptime: TestUptime

beforeAll(async () => {
  uptime = await startTestUptime()
})
afterAll(() => uptime.database.drop())

async function make(member: Principal, ...names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (const name of names)
    ids.push((await createMonitor(uptime.deps, member, { type: 'heartbeat', name, config: {} })).id)
  return ids
}

async function namesInPages(member: Principal, asked: Parameters<typeof listMonitors>[2]) {
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await listMonitors(uptime.deps, member, {
      ...asked,
      limit: 2,
      ...(cursor === undefined ? {} : { cursor }),
    })
    if (cursor === undefined) expect(page.total).toBe(5)
    names.push(...page.monitors.map(({ name }) => name))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return names
}

it('a-list-in-pages-skips-nothing: in each order, forwards and backwards, whatever has the same rank or name', async () => {
  const member = await uptime.found()
  const ids = await make(member, 'b', 'A', 'b', 'c', 'a')
  await changeMonitors(uptime.deps, member, { monitorIds: [ids[1] ?? '', ids[3] ?? ''], isActive: false })
  expect(await namesInPages(member, { sort: 'created' })).toEqual(['b', 'A', 'b', 'c', 'a'])
  expect(await namesInPages(member, { sort: '-created' })).toEqual(['a', 'c', 'b', 'A', 'b'])
  expect(await namesInPages(member, { sort: 'name' })).toEqual(['A', 'a', 'b', 'b', 'c'])
  expect(await namesInPages(member, { sort: '-name' })).toEqual(['c', 'b', 'b', 'a', 'A'])
  expect(await namesInPages(member, { sort: 'worst' })).toEqual(['b', 'b', 'a', 'A', 'c'])
  const { nextCursor } = await listMonitors(uptime.deps, member, { sort: 'name', limit: 2 })
  await expect(
    listMonitors(uptime.deps, member, { sort: 'worst', limit: 2, cursor: nextCursor ?? '' }),
  ).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
})

it('the last day is told beside each monitor of a page, when it is asked for', async () => {
  const member = await uptime.found()
  const [id = ''] = await make(member, 'Nightly')
  const { days } = await listMonitors(uptime.deps, member, { limit: 10, include: 'day' })
  expect(days?.[id]?.hours).toHaveLength(24)
  expect(days?.[id]).toMatchObject({ uptime: null, responsesMs: [] })
  expect((await listMonitors(uptime.deps, member, { limit: 10 })).days).toBeUndefined()
})

it('a-search-outlasts-what-an-earlier-version-stored: a config that the database cannot take apart hides no other monitor', async () => {
  const member = await uptime.found()
  const [id = ''] = await make(member, 'Old shop')
  await createMonitor(uptime.deps, member, { type: 'tcp', config: { hostname: 'shop.example.com', port: 1 } })
  const stored = JSON.stringify({ url: 'https://shop.example.com/\0', body: 'a lone \ud800' })
  await decideWithin(uptime.deps, member, async (tx) => {
    await sql`UPDATE uptime.monitor SET config = ${stored}::json WHERE id = ${id}`.execute(query(tx))
  })
  const find = async (q: string) => {
    const { monitors, total } = await listMonitors(uptime.deps, member, { q, limit: 10 })
    expect(monitors).toHaveLength(total ?? -1)
    return monitors.map(({ type }) => type)
  }
  expect(await find('shop.example')).toEqual(['tcp'])
  expect(await find('old')).toEqual(['heartbeat'])
})

it('monitors of all other pages are found, to be put on one', async () => {
  const member = await uptime.found()
  const ids = await make(member, 'Here', 'Elsewhere')
  const second = await createService(uptime.deps, member, { name: 'Second', slug: `second-${member.orgId}` })
  await updateMonitor(uptime.deps, member, ids[0] ?? '', { serviceId: second.id })
  const { monitors, total } = await listMonitors(uptime.deps, member, {
    exceptServiceId: second.id,
    limit: 10,
  })
  expect([total, ...monitors.map(({ name }) => name)]).toEqual([1, 'Elsewhere'])
})

it('several-monitors-change-together-or-not-at-all: paused, resumed and tagged, and another org has no part in it', async () => {
  const [ann, eve] = [await uptime.found(), await uptime.found()]
  const ids = await make(ann, 'One', 'Two')
  const [first = '', second = ''] = ids
  const change = { monitorIds: [...ids], isActive: false, addTags: ['prod', 'web'] }
  expect(await changeMonitors(uptime.deps, ann, change)).toBe(2)
  for (const id of ids)
    expect(await getMonitor(uptime.deps, ann, id)).toMatchObject({
      isActive: 0,
      status: 'paused',
      tags: ['prod', 'web'],
    })
  await changeMonitors(uptime.deps, ann, { monitorIds: [first], isActive: true, removeTags: ['web'] })
  expect(await getMonitor(uptime.deps, ann, first)).toMatchObject({ isActive: 1, tags: ['prod'] })
  const [foreign = ''] = await make(eve, 'Theirs')
  for (const refused of [
    changeMonitors(uptime.deps, ann, { monitorIds: [second, foreign], isActive: true }),
    deleteMonitors(uptime.deps, ann, [second, foreign]),
  ])
    await expect(refused).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await getMonitor(uptime.deps, ann, second)).toMatchObject({ isActive: 0 })
  expect(await getMonitor(uptime.deps, eve, foreign)).toMatchObject({ isActive: 1 })
  expect(await deleteMonitors(uptime.deps, ann, ids)).toBe(2)
  expect((await listMonitors(uptime.deps, ann, {})).monitors).toEqual([])
})

it('many-monitors-change-in-as-many-statements-as-few: paused, tagged, resumed and deleted', async () => {
  const countStatements = async (count: number): Promise<readonly number[]> => {
    const member = await uptime.found()
    const monitorIds = [...(await makeOfBothKinds(member, count))]
    let statements = 0
    const db = watchStatements(uptime.deps.db, () => {
      statements += 1
    })
    const deps = { ...uptime.deps, db }
    const countOf = async (work: () => Promise<number>): Promise<number> => {
      statements = 0
      expect(await work()).toBe(count * 2)
      return statements
    }
    return [
      await countOf(() => changeMonitors(deps, member, { monitorIds, isActive: false, addTags: ['night'] })),
      await countOf(() => changeMonitors(deps, member, { monitorIds, isActive: true })),
      await countOf(() => deleteMonitors(deps, member, monitorIds)),
    ]
  }
  expect(await countStatements(20)).toEqual(await countStatements(1))
})

it('several-monitors-change-as-each-alone-would: what is shown of them afterwards is the same', async () => {
  const [together, alone] = [await uptime.found(), await uptime.found()]
  const outcomes = [['up'], ['up', ...Array<'down'>(5).fill('down')], ['up', 'down'], []] as const
  const fill = async (member: MemberPrincipal): Promise<readonly string[]> => {
    const ids = await makeOfBothKinds(member, outcomes.length)
    for (const [index, id] of ids.entries())
      await uptime.observe(member.orgId, id, outcomes[index % outcomes.length] ?? [])
    return ids
  }
  const [ids, others] = [await fill(together), await fill(alone)]
  for (const isActive of [false, false, true]) {
    uptime.clock.advance(60_000)
    await changeMonitors(uptime.deps, together, { monitorIds: [...ids], isActive })
    for (const id of others) await updateMonitor(uptime.deps, alone, id, { isActive })
    expect(await show(together, ids)).toEqual(await show(alone, others))
  }
  const { incidents } = await listIncidents(uptime.deps, together, {})
  expect(incidents.map(({ status }) => status)).toEqual(Array(3).fill('resolved'))
})

it('a monitor takes 20 tags and not one more', async () => {
  const member = await uptime.found()
  const [id = ''] = await make(member, 'One')
  const tags = Array.from({ length: 20 }, (_, index) => `t${index}`)
  await changeMonitors(uptime.deps, member, { monitorIds: [id], addTags: tags })
  await expect(
    changeMonitors(uptime.deps, member, { monitorIds: [id], addTags: ['more'] }),
  ).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
})

async function makeOfBothKinds(member: Principal, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `Monitor ${index}`)
  const told = await make(member, ...names)
  const config = { url: 'https://example.com/' }
  const checked: string[] = []
  for (const name of names)
    checked.push((await createMonitor(uptime.deps, member, { type: 'http', name, config })).id)
  return [...told, ...checked]
}

/** What people see of these monitors, without what differs because they are not the same ones. */
async function show(member: Principal, ids: readonly string[]) {
  const shown = []
  for (const id of ids) {
    const { name, type, status, phase, isActive, flapping, tags, nextCheckAt, lastErrorMessage } =
      await getMonitor(uptime.deps, member, id)
    const { intervals = [] } = await getUptime(uptime.deps, member, id, {})
    const { incidents } = await listIncidents(uptime.deps, member, { monitorId: id })
    shown.push({
      name,
      type,
      status,
      phase,
      isActive,
      flapping,
      tags,
      lastErrorMessage,
      isPlanned: nextCheckAt !== null,
      timeline: intervals.map(({ state, incidentId }) => [state, incidentId !== null]),
      incidents: incidents.map((incident) => [incident.status, incident.cause]),
    })
  }
  return shown
}
