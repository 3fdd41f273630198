import { setTimeout as pause } from 'node:timers/promises'
import type { ProbeAnswer, ProbeCall, Target } from '../target.ts'
import { UnseenError } from './ask.ts'

/** At once: each waits for the floor of its gate, and does nothing meanwhile. */
const lanes = 24

/** The same call many times; the answers in the order in which they came. */
export async function callOften(
  target: Target,
  path: string,
  call: ProbeCall,
  times: number,
  signal: AbortSignal,
): Promise<readonly ProbeAnswer[]> {
  const answers: ProbeAnswer[] = []
  let left = times
  const run = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      signal.throwIfAborted()
      answers.push(await target.send(path, { ...call, isOfLimit: true }))
    }
  }
  await Promise.all(Array.from({ length: lanes }, run))
  return answers
}

/** Throws where so much time went by that a limit may have begun anew. */
export function assertWithin(startedMs: number, windowSeconds: number): void {
  if (performance.now() - startedMs > windowSeconds * 1000 * 0.9)
    throw new UnseenError('The calls took so long that the limit may have begun anew between them')
}

export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal })
}
