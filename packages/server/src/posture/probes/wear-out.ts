import { setTimeout as pause } from 'node:timers/promises'
import type { ProbeAnswer, ProbeCall, Target } from '../target.ts'
import { UnseenError } from './ask.ts'

/** Concurrent calls: each waits for the floor of its gate and does nothing meanwhile. */
const lanes = 24

/** Makes the same call many times; returns the answers in the order in which they arrived. */
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

/** Throws when so much time has passed that a limit's window may have restarted. */
export function assertWithin(startedMs: number, windowSeconds: number): void {
  if (performance.now() - startedMs > windowSeconds * 1000 * 0.9)
    throw new UnseenError('The calls took so long that the limit may have begun anew between them')
}

export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal })
}
