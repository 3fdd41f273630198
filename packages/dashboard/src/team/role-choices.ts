import type { Role } from '@gatehouse/sdk'
import type { Choice } from '../controls.tsx'
import { teamWords } from '../words/team-words.ts'

export const roleChoices: readonly Choice<Role>[] = [
  { value: 'owner', text: teamWords.roles.owner },
  { value: 'member', text: teamWords.roles.member },
  { value: 'viewer', text: teamWords.roles.viewer },
]
