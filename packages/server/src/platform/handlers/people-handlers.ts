import { within } from '@gatehouse/kernel/db'
import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { peopleEndpoints } from '../contract/people.ts'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { listOpenInvitations } from '../store/invitation-store.ts'
import { findMember, listMembers } from '../store/membership-store.ts'
import { toWireInvitation, toWireInvited, toWireMember, toWireResetLink } from './to-wire.ts'
import { changeRole } from '../usecases/change-role.ts'
import { createMemberResetLink } from '../usecases/create-reset-link.ts'
import { invite } from '../usecases/invite.ts'
import { removeMember } from '../usecases/remove-member.ts'
import { revokeInvitation } from '../usecases/revoke-invitation.ts'

export function peopleHandlers(deps: PlatformDeps): HandlersOf<typeof peopleEndpoints> {
  return {
    listMembers: async (member) => ({
      data: (await within(deps, member, listMembers)).map(toWireMember),
    }),
    getMember: async (member, { params }) => {
      const found = await within(deps, member, (tx) => findMember(tx, params.userId))
      if (found === undefined) throw problems.NOT_FOUND()
      return { data: toWireMember(found) }
    },
    changeRole: async (owner, { params, body }) => ({
      data: toWireMember(await changeRole(deps, owner, params.userId, body.role)),
    }),
    removeMember: async (member, { params }) => {
      await removeMember(deps, member, params.userId)
      return { ok: true } as const
    },
    createMemberResetLink: async (owner, { params }) => ({
      data: toWireResetLink(await createMemberResetLink(deps, owner, params.userId)),
    }),
    listInvitations: async (owner) => ({
      data: (await within(deps, owner, (tx) => listOpenInvitations(tx, deps.clock.now()))).map(
        toWireInvitation,
      ),
    }),
    createInvitation: async (owner, { body }) => ({
      data: toWireInvited(await invite(deps, owner, body)),
    }),
    revokeInvitation: async (owner, { params }) => {
      await revokeInvitation(deps, owner, params.id)
      return { ok: true } as const
    },
  }
}
