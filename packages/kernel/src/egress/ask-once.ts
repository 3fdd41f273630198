import { toErrorCode } from './network-failure.ts'

/** Nothing is known of the name: its name servers, or ours, did not answer. */
export type FailedLookUp = { readonly kind: 'failed'; readonly code: string }

/** How long a user who saves a target waits for a name that does not answer (E9). */
const lookUpMsMax = 3_000

/** Looks something up within three seconds in all; names that cannot be looked up are no error. */
export async function askOnce<T>(
  callerSignal: AbortSignal | undefined,
  look: (signal: AbortSignal) => Promise<T>,
): Promise<T | FailedLookUp> {
  const signals = [AbortSignal.timeout(lookUpMsMax), ...(callerSignal === undefined ? [] : [callerSignal])]
  const signal = AbortSignal.any(signals)
  try {
    return await look(signal)
  } catch (error) {
    callerSignal?.throwIfAborted()
    const code = toErrorCode(error)
    if (!signal.aborted && !code.startsWith('E')) throw error
    return { kind: 'failed', code: signal.aborted ? 'ETIMEOUT' : code }
  }
}
