import { toErrorCode } from './network-failure.ts'

/** Rejects like `Resolve`, but returns an empty list for a name without such records, or a name that does not exist. */
export type ResolveTexts = (
  hostname: string,
  options: { readonly signal: AbortSignal; readonly org?: string },
) => Promise<readonly string[]>

export type TextLookUp =
  | { readonly kind: 'answered'; readonly texts: readonly string[] }
  /** Nothing is known of the name: its name servers, or ours, did not answer. */
  | { readonly kind: 'failed'; readonly code: string }

/** How long a user who saves a target waits for a name that does not answer (E9). */
const lookUpMsMax = 3_000

export async function lookUpTexts(
  { resolveTexts, org }: { readonly resolveTexts: ResolveTexts; readonly org?: string },
  hostname: string,
  callerSignal?: AbortSignal,
): Promise<TextLookUp> {
  const signals = [AbortSignal.timeout(lookUpMsMax), ...(callerSignal === undefined ? [] : [callerSignal])]
  const signal = AbortSignal.any(signals)
  try {
    const texts = await resolveTexts(hostname, { signal, ...(org === undefined ? {} : { org }) })
    return { kind: 'answered', texts }
  } catch (error) {
    callerSignal?.throwIfAborted()
    const code = toErrorCode(error)
    if (!signal.aborted && !code.startsWith('E')) throw error
    return { kind: 'failed', code: signal.aborted ? 'ETIMEOUT' : code }
  }
}
