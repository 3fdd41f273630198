import { expect, it } from 'vitest'
import type { Belonging } from './member.ts'
import { toReachable } from './to-reachable.ts'

const belonging = (orgId: string, needsIssuer: boolean): Belonging => ({
  orgId,
  needsIssuer,
  name: orgId,
  plan: 'unlimited',
  role: 'member',
  deletionScheduledAtMs: null,
})
const both = [belonging('strict', true), belonging('open', false)]

it.each<[string, string | null, string[]]>([
  ['a password opens what does not insist on an issuer', null, ['open']],
  ['an issuer opens its own organisation', 'strict', ['strict']],
  ['whether or not that insists on it', 'open', ['open']],
  ['an issuer of an organisation that one does not belong to opens nothing', 'other', []],
])('%s', (_promise, confinedTo, reached) => {
  expect(toReachable(both, confinedTo).map(({ orgId }) => orgId)).toEqual(reached)
})
