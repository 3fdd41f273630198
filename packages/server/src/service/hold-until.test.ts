import { systemClock } from '@gatehouse/kernel/clock'
import { fakeClock } from '@gatehouse/kernel/testing'
import { expect, it } from 'vitest'
import { holdUntil } from './hold-until.ts'

it('nobody is let go before the instant, few or many at once', async () => {
  for (const count of [1, 100]) {
    const deadlines = Array.from({ length: count }, (_, i) => systemClock.monotonic() + 5 + (i % 7))
    const leftMs = await Promise.all(
      deadlines.map(async (deadlineMs) => {
        expect(await holdUntil(systemClock, deadlineMs)).toBe(0)
        return deadlineMs - systemClock.monotonic()
      }),
    )
    expect(Math.max(...leftMs)).toBeLessThanOrEqual(0)
  }
})

it('an instant that has passed holds nobody, and says by how much it was missed', async () => {
  const clock = fakeClock()
  const deadlineMs = clock.monotonic() + 80
  clock.advance(95)
  expect(await holdUntil(clock, deadlineMs)).toBe(15)
})

it('somebody who waits for long does not keep others', async () => {
  const clock = fakeClock()
  const released: string[] = []
  const hold = async (name: string, forMs: number): Promise<void> => {
    await holdUntil(clock, clock.monotonic() + forMs)
    released.push(name)
  }
  const all = Promise.all([hold('long', 80), hold('short', 20)])
  clock.advance(20)
  await expect.poll(() => released).toEqual(['short'])
  clock.advance(60)
  await all
  expect(released).toEqual(['short', 'long'])
})
