import { describe, expect, it } from 'vitest'
import { arrange, type Layout, type Placement, type WantedLayout } from './layout.ts'

const plain = { sectionId: null, displayName: null, description: null, hidden: false }
const ofMonitor = (id: string, change: Partial<Placement> = {}): Placement => ({
  ...plain,
  id,
  monitorId: id,
  state: null,
  ...change,
})
const byHand: Placement = { ...plain, id: 'h', monitorId: null, state: 'up', displayName: 'Phone' }
const before: Layout = {
  sections: [{ id: 's', name: 'Core' }],
  components: [ofMonitor('a', { hidden: true, displayName: 'Shop' }), ofMonitor('b'), byHand],
}
const ask = (wanted: WantedLayout) => {
  let made = 0
  return arrange(before, wanted, () => `new${(made += 1)}`)
}
const accepted = (wanted: WantedLayout): Layout => {
  const arranged = ask(wanted)
  if (!arranged.accepted) throw new Error(arranged.field)
  return arranged.layout
}

describe('a layout', () => {
  it('is read section by section, and what is in none comes first', () => {
    const { sections, components } = accepted({
      sections: [{ name: 'New' }, { id: 's', name: 'Core systems' }],
      components: [
        { monitorId: 'b', section: 1 },
        { state: 'degraded', displayName: 'Post', section: 0 },
        { monitorId: 'a' },
      ],
    })
    expect(sections).toEqual([
      { id: 'new1', name: 'New' },
      { id: 's', name: 'Core systems' },
    ])
    expect(components.map(({ id, sectionId }) => [id, sectionId])).toEqual([
      ['a', null],
      ['new2', 'new1'],
      ['b', 's'],
    ])
  })

  it('keeps of a component what was not sent, and forgets what was sent as null', () => {
    const [kept, forgot] = [{ monitorId: 'a' }, { monitorId: 'a', displayName: null, hidden: false }].map(
      (component) => accepted({ sections: [], components: [component] }).components[0],
    )
    expect(kept).toMatchObject({ displayName: 'Shop', hidden: true })
    expect(forgot).toMatchObject({ displayName: null, hidden: false })
  })

  it('loses no monitor that it does not name, and nothing else that it does not name stays', () => {
    const { sections, components } = accepted({ sections: [], components: [{ monitorId: 'b' }] })
    expect([sections, components.map(({ id }) => id)]).toEqual([[], ['b', 'a']])
    expect(components[1]).toMatchObject({ hidden: true, displayName: 'Shop' })
  })

  it.each<[field: string, because: string, wanted: WantedLayout]>([
    ['sections[0].id', 'unknown', { sections: [{ id: 'x', name: 'X' }], components: [] }],
    [
      'sections[1].id',
      'twice',
      {
        sections: [
          { id: 's', name: 'X' },
          { id: 's', name: 'Y' },
        ],
        components: [],
      },
    ],
    ['components[1].monitorId', 'unknown', { sections: [], components: [{ id: 'h' }, { monitorId: 'x' }] }],
    ['components[0].monitorId', 'unknown', { sections: [], components: [{ monitorId: 'h' }] }],
    ['components[0].id', 'unknown', { sections: [], components: [{ id: 'a' }] }],
    [
      'components[1].monitorId',
      'twice',
      { sections: [], components: [{ monitorId: 'a' }, { monitorId: 'a' }] },
    ],
  ])('is refused at %s, which is %s', (field, because, wanted) => {
    expect(ask(wanted)).toEqual({ accepted: false, field, because })
  })
})
