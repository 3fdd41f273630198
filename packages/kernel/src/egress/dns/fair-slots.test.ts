import { describe, expect, it } from 'vitest'
import { createFairSlots, type FairSlots } from './fair-slots.ts'

const never = new AbortController().signal

/** In the name `o.a1`, the org is `o` and the lane is `a`. */
const toClaimant = (name: string) => ({
  org: name.split('.', 1)[0] ?? '',
  lane: name.split('.')[1]?.slice(0, 1) ?? '',
})

/** Takes a slot for each name, in order, and notes who gets one. */
function queue(slots: FairSlots, names: readonly string[], started: string[], keep = false): Promise<void[]> {
  return Promise.all(
    names.map(async (name) => {
      const release = await slots.acquire(toClaimant(name), never)
      started.push(name)
      if (!keep) release()
    }),
  )
}

const rules = (slots: number, slotsPerOrg = slots, slotsPerLane = slotsPerOrg) => ({
  slots,
  slotsPerOrg,
  slotsPerLane,
})

describe('fair slots', () => {
  it('no more are out than there are, and freeing one twice frees one', async () => {
    const slots = createFairSlots(rules(2))
    const release = await slots.acquire(toClaimant('o.a'), never)
    await slots.acquire(toClaimant('o.a'), never)
    const started: string[] = []
    const [first] = ['o.b1', 'o.c1'].map((name) => queue(slots, [name], started, true))
    expect(started).toEqual([])
    release()
    release()
    await first
    expect(started).toEqual(['o.b1'])
  })

  it('lanes that wait take turns, however many wait in one of them', async () => {
    const slots = createFairSlots(rules(1))
    const release = await slots.acquire(toClaimant('o.z'), never)
    const started: string[] = []
    const all = queue(slots, ['o.a1', 'o.a2', 'o.a3', 'o.b1', 'o.b2', 'o.c1'], started)
    release()
    await all
    expect(started).toEqual(['o.a1', 'o.b1', 'o.c1', 'o.a2', 'o.b2', 'o.a3'])
  })

  it('orgs that wait take turns, however many lanes of one of them wait', async () => {
    const slots = createFairSlots(rules(1))
    const release = await slots.acquire(toClaimant('z.z'), never)
    const started: string[] = []
    const all = queue(slots, ['o.a1', 'o.b1', 'o.c1', 'o.d1', 'p.a1', 'p.a2'], started)
    release()
    await all
    expect(started).toEqual(['o.a1', 'p.a1', 'o.b1', 'p.a2', 'o.c1', 'o.d1'])
  })

  it('a lane that holds its share waits, while others are let in past it', async () => {
    const slots = createFairSlots(rules(3, 3, 2))
    const release = await slots.acquire(toClaimant('o.a'), never)
    await slots.acquire(toClaimant('o.a'), never)
    const started: string[] = []
    const third = queue(slots, ['o.a3'], started)
    await queue(slots, ['o.b1', 'o.b2'], started)
    expect(started).toEqual(['o.b1', 'o.b2'])
    release()
    await third
    expect(started).toEqual(['o.b1', 'o.b2', 'o.a3'])
  })

  it('an org that holds its share waits, and the same lane of another does not', async () => {
    const slots = createFairSlots(rules(4, 2, 2))
    const release = await slots.acquire(toClaimant('o.a'), never)
    await slots.acquire(toClaimant('o.b'), never)
    const started: string[] = []
    const third = queue(slots, ['o.c1'], started)
    await queue(slots, ['p.a1', 'p.b1', 'p.a2'], started)
    expect(started).toEqual(['p.a1', 'p.b1', 'p.a2'])
    release()
    await third
    expect(started).toEqual(['p.a1', 'p.b1', 'p.a2', 'o.c1'])
  })

  it('who gives up waiting gets its own reason, and its place goes to the next', async () => {
    const slots = createFairSlots(rules(1))
    const release = await slots.acquire(toClaimant('o.a'), never)
    const controller = new AbortController()
    const left = slots.acquire(toClaimant('o.b'), controller.signal)
    const started: string[] = []
    const next = queue(slots, ['o.b2'], started)
    const reason = new Error('gone')
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    await expect(slots.acquire(toClaimant('o.b'), controller.signal)).rejects.toBe(reason)
    release()
    await next
    expect(started).toEqual(['o.b2'])
  })
})
