import { Worker } from 'node:worker_threads'
import type { CalibrationInput, CalibrationReport } from './calibrate.ts'
import type { AsideReply, AsideRequest } from './calibrate-aside-worker.ts'

const workerFile = new URL('./calibrate-aside-worker.ts', import.meta.url)

/**
 * Runs a calibration on its own thread: even the work between its tasks takes minutes, and the server has to respond
 * meanwhile. Rejects with the signal's reason once it aborts, after the thread has ended.
 */
export async function calibrateAside(
  input: CalibrationInput,
  { workers, signal }: { readonly workers: number; readonly signal: AbortSignal },
): Promise<CalibrationReport> {
  signal.throwIfAborted()
  const thread = new Worker(workerFile)
  const { promise, resolve, reject } = Promise.withResolvers<CalibrationReport>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  thread.on('message', (reply: AsideReply) => {
    if (reply.done) resolve(reply.report)
    else reject(reply.error)
  })
  thread.on('error', reject)
  thread.on('exit', (status) => reject(new Error(`The thread that calibrates ended with status ${status}`)))
  thread.postMessage({ input, workers } satisfies AsideRequest)
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
    await thread.terminate()
  }
}
