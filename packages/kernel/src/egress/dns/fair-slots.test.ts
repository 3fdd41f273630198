import { describe, expect, it } from 'vitest'
import { createFairSlots, type FairSlots } from './fair-slots.ts'

const never = new AbortController().signal

/** Takes a slot for each name, in order, and notes who gets one; the lane is the name's letter. */
function queue(slots: FairSlots, names: readonly string[], started: string[], keep = false): Promise<void[]> {
  return Promise.all(
    names.map(async (name) => {
      const release = await slots.acquire(name.slice(0, 1), never)
      started.push(name)
      if (!keep) release()
    }),
  )
}

describe('fair slots', () => {
  it('no more are out than there are, and freeing one twice frees one', async () => {
    const slots = createFairSlots({ slots: 2, slotsPerLane: 2 })
    const release = await slots.acquire('a', never)
    await slots.acquire('a', never)
    const started: string[] = []
    const [first] = ['b1', 'c1'].map((name) => queue(slots, [name], started, true))
    expect(started).toEqual([])
    release()
    release()
    await first
    expect(started).toEqual(['b1'])
  })

  it('lanes that wait take turns, however many wait in one of them', async () => {
    const slots = createFairSlots({ slots: 1, slotsPerLane: 1 })
    const release = await slots.acquire('z', never)
    const started: string[] = []
    const all = queue(slots, ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'], started)
    release()
    await all
    expect(started).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  })

  it('a lane that holds its share waits, while others are let in past it', async () => {
    const slots = createFairSlots({ slots: 3, slotsPerLane: 2 })
    const release = await slots.acquire('a', never)
    await slots.acquire('a', never)
    const started: string[] = []
    const third = queue(slots, ['a3'], started)
    await queue(slots, ['b1', 'b2'], started)
    expect(started).toEqual(['b1', 'b2'])
    release()
    await third
    expect(started).toEqual(['b1', 'b2', 'a3'])
  })

  it('who gives up waiting gets its own reason, and its place goes to the next', async () => {
    const slots = createFairSlots({ slots: 1, slotsPerLane: 1 })
    const release = await slots.acquire('a', never)
    const controller = new AbortController()
    const left = slots.acquire('b', controller.signal)
    const started: string[] = []
    const next = queue(slots, ['b2'], started)
    const reason = new Error('gone')
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    await expect(slots.acquire('b', controller.signal)).rejects.toBe(reason)
    release()
    await next
    expect(started).toEqual(['b2'])
  })
})
