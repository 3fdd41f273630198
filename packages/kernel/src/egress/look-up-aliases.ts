import { askOnce, type FailedLookUp } from './ask-once.ts'

/** Rejects like `Resolve`, but returns undefined for a name without an alias, or a name that does not exist. */
export type ResolveAlias = (
  hostname: string,
  options: { readonly signal: AbortSignal; readonly org?: string },
) => Promise<string | undefined>

export type AliasLookUp =
  /** The names that the records give, in order; `target` is the last of them, or they do not lead to it. */
  { readonly kind: 'answered'; readonly names: readonly string[] } | FailedLookUp

/** Resolvers give up after about as many; a chain of people's own has one or two. */
const aliasesMax = 8

export async function lookUpAliases(
  { resolveAlias, org }: { readonly resolveAlias: ResolveAlias; readonly org?: string },
  hostname: string,
  target: string,
  callerSignal?: AbortSignal,
): Promise<AliasLookUp> {
  return askOnce(callerSignal, async (signal) => {
    const names: string[] = []
    let name: string | undefined = hostname
    while (names.length < aliasesMax) {
      name = await resolveAlias(name, { signal, ...(org === undefined ? {} : { org }) })
      // A chain that returns to where it was leads nowhere.
      if (name === undefined || names.includes(toName(name))) break
      name = toName(name)
      names.push(name)
      if (name === target) break
    }
    return { kind: 'answered', names }
  })
}

/** As names are compared: in lower case, without the dot of the root. */
function toName(text: string): string {
  return text.toLowerCase().replace(/\.$/, '')
}
