import type { KeyShape } from '@gatehouse/kernel/keys'
import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { Target } from '../target.ts'
import { firstOrg, mintKey, type ServiceName } from './ask.ts'

/** Makes two new keys of a service: in the claimed format, drawn from its whole alphabet, and without similarity. */
export function haveTheirFormat(service: ServiceName, bitsMin: number) {
  return async (target: Target, _signal: AbortSignal, policy: PosturePolicy): Promise<Finding> => {
    const org = firstOrg(target)
    const { keyShape: shape } = policy[service]
    if (shape === null) return fails('No key opens this service')
    const made = [await mintKey(target, org, service), await mintKey(target, org, service)]
    const [one, two] = made.map(({ key }) => bodyOf(key, shape))
    if (one === undefined || two === undefined)
      return fails('A new key does not have the form that is claimed')
    if (sameCharacters(one, two) > one.length / 2)
      return fails('Two new keys are too much alike to have been drawn by chance')
    const bits = Math.floor(one.length * Math.log2(shape.alphabet.length))
    return bits < bitsMin ? fails(`A key holds ${bits} bits`, { bits, bitsMin }) : holds({ bits, bitsMin })
  }
}

/** The random part of a key in the format; undefined for any other text. */
function bodyOf(key: string, { prefixes, alphabet, bodyLength, check }: KeyShape): string | undefined {
  const prefix = prefixes.find((literal) => key.startsWith(literal))
  if (prefix === undefined) return undefined
  const body = key.slice(prefix.length, prefix.length + bodyLength)
  const isWhole = key.length === prefix.length + bodyLength + (check?.length ?? 0)
  return isWhole && [...body].every((character) => alphabet.includes(character)) ? body : undefined
}

function sameCharacters(one: string, two: string): number {
  return [...one].filter((character, at) => character === two[at]).length
}
