type Config = Readonly<Record<string, unknown>>

/** Placeholder for a secret member in replies; sent back, it keeps the stored secret. */
export const keptSecret = { set: true } as const

/**
 * The config as replies show it: the sent members in their order and form, followed by the defaults of its type
 * (specification 4.1). One public client compares them member by member.
 */
export function echoConfig(sent: Config, parsed: Config, secretMembers: readonly string[]): Config {
  const shown = Object.entries(sent).map(([member, value]) =>
    secretMembers.includes(member) ? ([member, keptSecret] as const) : ([member, value] as const),
  )
  const filledIn = Object.entries(parsed).filter(([member]) => !Object.hasOwn(sent, member))
  return Object.fromEntries([...shown, ...filledIn])
}
