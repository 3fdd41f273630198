import type { PageLayout } from '@gatehouse/sdk'
import { describe, expect, it } from 'vitest'
import {
  type LayoutRow,
  listRevealed,
  moveBy,
  moveTo,
  reconcile,
  setRow,
  toNewLayout,
  toRows,
} from './layout-draft.ts'

const component = (id: string, section: number | null): PageLayout['components'][number] => ({
  id,
  monitorId: id,
  section,
  monitorName: `monitor ${id}`,
  displayName: null,
  description: null,
  hidden: 0,
  state: 'up',
})
const layout: PageLayout = {
  sections: [
    { id: 'S', name: 'One' },
    { id: 'T', name: 'Two' },
  ],
  components: [component('a', null), component('b', 0), component('c', 1), component('d', 1)],
}
const rows = toRows(layout)
const keys = (of: readonly LayoutRow[]): string => of.map(({ key }) => key).join('')

it('a page is read from top to bottom, and saved as it was read', () => {
  expect(keys(rows)).toBe('aSbTcd')
  const { sections, components } = toNewLayout(rows)
  expect(sections).toEqual(layout.sections)
  expect(components.map(({ monitorId, section }) => [monitorId, section])).toEqual([
    ['a', null],
    ['b', 0],
    ['c', 1],
    ['d', 1],
  ])
})

describe('one step', () => {
  it.each([
    ['a', -1, 'aSbTcd'],
    ['a', 1, 'SabTcd'],
    ['b', -1, 'abSTcd'],
    ['c', -1, 'aSbcTd'],
    ['d', 1, 'aSbTcd'],
    ['S', -1, 'aSbTcd'],
    ['S', 1, 'aTcdSb'],
    ['T', -1, 'aTcdSb'],
    ['T', 1, 'aSbTcd'],
  ] as const)('moves %s by %i to %s', (key, step, moved) => {
    expect(keys(moveBy(rows, key, step))).toBe(moved)
  })
})

describe('dropped on another row', () => {
  it.each([
    ['d', 'a', 'daSbTc'],
    ['a', 'c', 'SbTcad'],
    ['a', 'a', 'aSbTcd'],
    ['T', 'b', 'aTcdSb'],
    ['T', 'a', 'aTcdSb'],
    ['S', 'd', 'aTcdSb'],
    ['S', 'b', 'aSbTcd'],
  ])('%s on %s gives %s', (key, target, moved) => {
    expect(keys(moveTo(rows, key, target))).toBe(moved)
  })
})

it('work on a layout goes on when monitors come to the page and leave it', () => {
  const draft = moveBy(rows, 'S', 1)
  const { components } = layout
  const now = toRows({
    ...layout,
    components: [...components.filter(({ id }) => id !== 'c'), component('e', null)],
  })
  expect(keys(reconcile(draft, now))).toBe('aeTdSb')
})

it('what a new arrangement lets everybody see is told: a name, a description, a section, but no order', () => {
  const hide = (of: readonly LayoutRow[], key: string, hidden: boolean): readonly LayoutRow[] =>
    of.map((row) => (row.kind === 'component' && row.key === key ? { ...row, hidden } : row))
  expect(listRevealed(rows, moveBy(rows, 'S', 1))).toEqual([])
  expect(listRevealed(hide(rows, 'a', true), hide(rows, 'b', true))).toEqual(['monitor a'])
  const [, section, b] = rows
  if (section?.kind !== 'section' || b?.kind !== 'component') throw new Error('The rows are others')
  const renamed = setRow(setRow(rows, { ...section, name: 'Core' }), {
    ...b,
    displayName: 'Shop',
    description: 'It sells',
  })
  expect(listRevealed(rows, renamed)).toEqual(['Core', 'Shop', 'It sells'])
})
