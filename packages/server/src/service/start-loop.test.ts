import { createLogger } from '@gatehouse/kernel/log'
import { expect, it } from 'vitest'
import { startLoop } from './start-loop.ts'

const log = createLogger('silent')
const hourMs = 3_600_000

/** A loop that nothing but a call of `wake` gets to its next round. */
function startRounds() {
  let rounds = 0
  let wake = (): void => undefined
  const { promise: first, resolve } = Promise.withResolvers<void>()
  const loop = startLoop(
    'test',
    hourMs,
    log,
    async () => {
      rounds += 1
      resolve()
    },
    (given) => {
      wake = given
      return () => (wake = () => undefined)
    },
  )
  return { loop, first, wake: () => wake(), rounds: () => rounds }
}

it('a loop that is woken does not wait for its time', async () => {
  const { loop, first, wake, rounds } = startRounds()
  await first
  wake()
  await expect.poll(rounds).toBe(2)
  wake()
  await expect.poll(rounds).toBe(3)
  await loop.stop()
})

it('a loop that is woken during a round runs once more, and one that is stopped does not', async () => {
  const { loop, wake, rounds } = startRounds()
  // The first round is running: it began with the loop.
  wake()
  wake()
  await expect.poll(rounds).toBe(2)
  await loop.stop()
  wake()
  expect(rounds()).toBe(2)
})
