import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createPoliteness } from './politeness.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** Who has been let in so far, in order. */
function visitors(rules: Parameters<typeof createPoliteness>[0]) {
  const politeness = createPoliteness(rules)
  const inside: string[] = []
  const leave = new Map<string, () => void>()
  return {
    inside,
    enter: (name: string, target = 'a.example:443') =>
      void politeness.enter(target, 'org').then((end) => {
        inside.push(name)
        leave.set(name, end)
      }),
    leave: (name: string) => leave.get(name)?.(),
    settle: () => vi.advanceTimersByTimeAsync(0),
  }
}

it('lets only so many look at one target at once, and the next when one has left, in order', async () => {
  const { inside, enter, leave, settle } = visitors({ inFlightMax: 2, startsPerSecond: 100 })
  for (const name of ['first', 'second', 'third', 'fourth']) enter(name)
  await settle()
  expect(inside).toEqual(['first', 'second'])
  leave('second')
  await settle()
  expect(inside).toEqual(['first', 'second', 'third'])
  leave('first')
  leave('third')
  await settle()
  expect(inside).toEqual(['first', 'second', 'third', 'fourth'])
})

it('lets only so many begin in a second, however fast they leave', async () => {
  const { inside, enter, leave, settle } = visitors({ inFlightMax: 100, startsPerSecond: 2 })
  for (const name of ['first', 'second', 'third', 'fourth', 'fifth']) enter(name)
  await settle()
  for (const name of inside) leave(name)
  expect(inside).toEqual(['first', 'second'])
  await vi.advanceTimersByTimeAsync(999)
  expect(inside).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(inside).toEqual(['first', 'second', 'third', 'fourth'])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(inside).toHaveLength(5)
})

it('holds nobody back for what others do to another target', async () => {
  const { inside, enter, settle } = visitors({ inFlightMax: 1, startsPerSecond: 1 })
  enter('one', 'a.example:443')
  enter('held', 'a.example:443')
  enter('other port', 'a.example:80')
  enter('other host', 'b.example:443')
  await settle()
  expect(inside).toEqual(['one', 'other port', 'other host'])
})
