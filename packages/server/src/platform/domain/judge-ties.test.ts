import { expect, it } from 'vitest'
import { judgeTies, type Tie } from './judge-ties.ts'

const tie = (role: Tie['role'], members: number, owners: number): Tie => ({
  orgId: 'o',
  name: 'Acme',
  role,
  members,
  owners,
})
const [alone, last, oneOfTwo, member] = [
  tie('owner', 1, 1),
  tie('owner', 2, 1),
  tie('owner', 2, 2),
  tie('member', 2, 1),
]

it.each<[promise: string, ties: Tie[], verdict: ReturnType<typeof judgeTies>]>([
  ['nobody is tied who belongs nowhere', [], { free: true, alone: [], shared: [] }],
  ['an org of nobody else goes along', [alone], { free: true, alone: [alone], shared: [] }],
  ['the last owner of others stays', [alone, last], { free: false, owned: [last] }],
  ['one of two owners may go', [oneOfTwo], { free: true, alone: [], shared: [oneOfTwo] }],
  ['members may go', [member, alone], { free: true, alone: [alone], shared: [member] }],
])('%s', (_promise, ties, verdict) => expect(judgeTies(ties)).toEqual(verdict))
