type Config = Readonly<Record<string, unknown>>

/** What a secret member reads as; sent back, it keeps the secret. */
export const keptSecret = { set: true } as const

/**
 * The config as replies show it: what was sent, in its order and as it was written, then the defaults that its type
 * fills in (specification 4.1). One public client compares it member by member.
 */
export function echoConfig(sent: Config, parsed: Config, secretMembers: readonly string[]): Config {
  const shown = Object.entries(sent).map(([member, value]) =>
    secretMembers.includes(member) ? ([member, keptSecret] as const) : ([member, value] as const),
  )
  const filledIn = Object.entries(parsed).filter(([member]) => !Object.hasOwn(sent, member))
  return Object.fromEntries([...shown, ...filledIn])
}
