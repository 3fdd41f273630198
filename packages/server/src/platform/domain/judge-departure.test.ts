import type { Role } from '@gatehouse/kernel/principal'
import { expect, it } from 'vitest'
import { judgeDeparture } from './judge-departure.ts'

it.each<[promise: string, Role, Role | undefined, owners: number, allowed: boolean]>([
  ['the last owner cannot leave', 'owner', undefined, 1, false],
  ['the last owner cannot step down', 'owner', 'member', 1, false],
  ['the last owner may stay owner', 'owner', 'owner', 1, true],
  ['one of two owners may leave', 'owner', undefined, 2, true],
  ['one of two owners may step down', 'owner', 'viewer', 2, true],
  ['a member may always leave', 'member', undefined, 1, true],
  ['a viewer may become owner', 'viewer', 'owner', 1, true],
])('%s', (_promise, role, next, owners, allowed) =>
  expect(judgeDeparture(role, next, owners).allowed).toBe(allowed),
)
