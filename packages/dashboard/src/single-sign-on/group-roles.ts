import type { Role } from '@gatehouse/sdk'
import { Refusal } from '../refusal.ts'
import { signOnWords } from '../words/sign-on-words.ts'

export type GroupRole = { readonly group: string; readonly role: Role }

const line = /^(.+?)\s*=\s*(owner|member|viewer)$/i

/** Parses one `group = role` per line; groups may contain blanks. */
export function toGroupRoles(text: string): GroupRole[] {
  return text
    .split('\n')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [, group, role] = line.exec(entry) ?? []
      if (group === undefined || role === undefined)
        throw new Refusal(signOnWords.settings.badGroupRole(entry))
      // Safe: the pattern matches no other role.
      return { group, role: role.toLowerCase() as Role }
    })
}

export function fromGroupRoles(roles: readonly GroupRole[]): string[] {
  return roles.map(({ group, role }) => `${group} = ${role}`)
}
