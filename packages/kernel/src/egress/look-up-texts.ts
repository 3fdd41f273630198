import { askOnce, type FailedLookUp } from './ask-once.ts'

/** Rejects like `Resolve`, but returns an empty list for a name without such records, or a name that does not exist. */
export type ResolveTexts = (
  hostname: string,
  options: { readonly signal: AbortSignal; readonly org?: string },
) => Promise<readonly string[]>

export type TextLookUp = { readonly kind: 'answered'; readonly texts: readonly string[] } | FailedLookUp

export async function lookUpTexts(
  { resolveTexts, org }: { readonly resolveTexts: ResolveTexts; readonly org?: string },
  hostname: string,
  callerSignal?: AbortSignal,
): Promise<TextLookUp> {
  return askOnce(callerSignal, async (signal) => {
    const texts = await resolveTexts(hostname, { signal, ...(org === undefined ? {} : { org }) })
    return { kind: 'answered', texts }
  })
}
