import { describe, expect, it } from 'vitest'
import { fromGroupRoles, toGroupRoles } from './group-roles.ts'

describe('the role of each group', () => {
  it('is one a line, whatever stands in its name', () => {
    const text = 'platform team = owner\n\n  a=b=viewer \nStaff = MEMBER'
    expect(toGroupRoles(text)).toEqual([
      { group: 'platform team', role: 'owner' },
      { group: 'a=b', role: 'viewer' },
      { group: 'Staff', role: 'member' },
    ])
  })

  it('is shown as it is typed', () => {
    const roles = [{ group: 'platform team', role: 'owner' }] as const
    expect(toGroupRoles(fromGroupRoles(roles).join('\n'))).toEqual(roles)
  })

  it.each(['staff', '= owner', 'staff = king'])('%s is refused by name', (text) => {
    expect(() => toGroupRoles(text)).toThrow(text)
  })
})
