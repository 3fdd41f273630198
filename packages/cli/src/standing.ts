/** The part of a reply that describes an operator's current standing. */
export type Standing = {
  readonly operator_id: string
  readonly domain: string
  readonly displayed_jis: number | null
  readonly jis_interval: readonly number[] | null
  readonly band: string
  readonly withheld: string | null
}

/** Formats a standing. A withheld number is not printed as the constant that replaces it in the reply. */
export function toStanding({ operator_id: id, domain, displayed_jis: jis, ...rest }: Standing): string {
  const who = `${id} in ${domain}`
  if (jis === null) return `${who}: ${withheldWords[rest.withheld ?? ''] ?? 'the score is withheld'}`
  const [low, high] = rest.jis_interval ?? []
  const sure = low === undefined || high === undefined ? '' : ` (${low.toFixed(1)} to ${high.toFixed(1)})`
  return `${who}: ${jis.toFixed(1)}${sure}, ${rest.band.replaceAll('_', ' ')}; independence, not decision quality`
}

const withheldWords: Readonly<Record<string, string>> = {
  minimum_data: 'not enough decisions yet',
  outcomes_unknown: 'too few outcomes are known; report them, or send ai_correct',
}
