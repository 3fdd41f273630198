import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { asksOf, type Component, readScreens } from './fixtures/dashboard-calls.ts'
import { operations, operationsOf } from './fixtures/sdk-operations.ts'

const text = readFileSync(new URL('../../../docs/screens.md', import.meta.url), 'utf8')
const [screenTable = '', beyond = ''] = text.split('## Pages that need no script')
const [pageTable = '', reasonTable = ''] = beyond.split('## Operations that no screen asks')

const namesIn = (cell = ''): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
/** The lines of a table below its head, as cells. */
const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
const toEntries = (table: string): readonly (readonly [place: string, ids: readonly string[]])[] =>
  rowsOf(table).map((cells) => [namesIn(cells[1])[0] ?? '', namesIn(cells.at(-2))])

const shown = toEntries(screenTable)
const served = toEntries(pageTable)
const excused = rowsOf(reasonTable).flatMap(([, names]) => namesIn(names))

const screens = readScreens()
const askedOn = new Map<string, ReadonlySet<string>>()
for (const [address, component] of screens) {
  const asked = await Promise.all([...asksOf(component)].map(operationsOf))
  askedOn.set(address, new Set(asked.flatMap((ids) => [...ids])))
}

it('every-member-operation-has-a-screen, or a reason why it has none: of all services and the platform', () => {
  // What members have through a door of their own stands there as theirs.
  const twins = new Set(operations.flatMap(({ handledBy }) => handledBy ?? []))
  const named = new Set([...[...shown, ...served].flatMap(([, ids]) => ids), ...excused])
  const missing = operations.filter(({ id }) => !named.has(id) && !twins.has(id))
  expect(missing.map(({ id }) => id)).toEqual([])
  expect([...named].filter((name) => !operations.some(({ id }) => id === name))).toEqual([])
  expect(operations.length).toBeGreaterThan(450)
})

it('a-screen-asks-what-it-says: each operation beside a screen is called in what the screen is made of', () => {
  const unasked = shown.flatMap(([address, ids]) =>
    ids.filter((id) => askedOn.get(address)?.has(id) !== true).map((id) => `${address}: ${id}`),
  )
  expect(unasked).toEqual([])
})

it('no reason excuses an operation that a screen asks', () => {
  const asked = new Set([...askedOn.values()].flatMap((ids) => [...ids]))
  expect(excused.filter((id) => asked.has(id))).toEqual([])
  expect(excused.filter((id, at) => excused.indexOf(id) !== at)).toEqual([])
})

it('pages that need no script are open to everybody, and one operation of each is the page', () => {
  for (const [address, ids] of served) {
    const own = operations.filter(({ id }) => ids.includes(id))
    expect(own.filter(({ access }) => access.kind !== 'public')).toEqual([])
    const page = own.find(({ path, method }) => path === address && method === 'GET')
    expect({ address, reply: page?.reply }).toMatchObject({
      reply: { mediaType: expect.stringMatching(/^text\/html/) },
    })
  }
})

it('every screen of the dashboard stands in the table, with a question and what it offers', () => {
  const toKey = ({ path, name }: Component): string => `${path} ${name}`
  const described = new Set(shown.flatMap(([address]) => screens.get(address) ?? []).map(toKey))
  expect([...screens].filter(([, component]) => !described.has(toKey(component)))).toEqual([])
  expect(shown.filter(([address]) => !screens.has(address))).toEqual([])
  for (const [, , question = '', offers = ''] of [...rowsOf(screenTable), ...rowsOf(pageTable)]) {
    expect(question).toMatch(/\?$/)
    expect(offers).not.toBe('')
  }
})
