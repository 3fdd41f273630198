export type Encoding = 'br' | 'gzip' | 'identity'

/** In order of preference when the client weights them equally: the smaller result first. */
const preferred: readonly Encoding[] = ['br', 'gzip', 'identity']

/**
 * The content coding that a client prefers by its `Accept-Encoding` (RFC 9110 §12.5.3); `identity` when it accepts none
 * of ours.
 */
export function chooseEncoding(accepted: string | undefined): Encoding {
  if (accepted === undefined) return 'identity'
  const weights = new Map<string, number>()
  for (const part of accepted.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim())
    if (coding !== '') weights.set(coding, toWeight(parameters))
  }
  const weightOf = (coding: Encoding): number =>
    weights.get(coding) ??
    (coding === 'gzip' ? weights.get('x-gzip') : undefined) ??
    weights.get('*') ??
    // A coding that is not mentioned is not accepted, except `identity`, which then has the lowest weight.
    (coding === 'identity' ? leastWeight : 0)
  let chosen: Encoding = 'identity'
  for (const coding of preferred.toReversed())
    if (weightOf(coding) > 0 && weightOf(coding) >= weightOf(chosen)) chosen = coding
  return chosen
}

const leastWeight = 0.0001

function toWeight(parameters: readonly string[]): number {
  const [, text] = parameters.map((one) => /^q\s*=\s*(\S*)$/.exec(one)).find((match) => match !== null) ?? []
  if (text === undefined) return 1
  // A malformed weight counts as 0.
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0
}
