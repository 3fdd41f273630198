import { expect, it } from 'vitest'
import { createPoliteness } from './politeness.ts'

it('orgs that look at the same target take turns, however many checks of one of them wait', async () => {
  const politeness = createPoliteness({ inFlightMax: 1, startsPerSecond: 1_000 })
  const leave = await politeness.enter('shared.example:443', 'first')
  const order: string[] = []
  const looks = ['a', 'a', 'a', 'a', 'b', 'c'].map(async (orgId) => {
    const end = await politeness.enter('shared.example:443', orgId)
    order.push(orgId)
    end()
  })
  leave()
  await Promise.all(looks)
  expect(order).toEqual(['a', 'b', 'c', 'a', 'a', 'a'])
})
