import { within } from '@gatehouse/kernel/db'
import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import * as contract from '../contract/people.ts'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { listOpenInvitations } from '../store/invitation-store.ts'
import { findMember, listMembers } from '../store/membership-store.ts'
import { toWireInvitation, toWireInvited, toWireMember } from '../to-wire.ts'
import { changeRole } from '../usecases/change-role.ts'
import { invite } from '../usecases/invite.ts'
import { removeMember } from '../usecases/remove-member.ts'
import { revokeInvitation } from '../usecases/revoke-invitation.ts'

export function peopleEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(contract.listMembers, async (member) => ({
      data: (await within(deps, member, listMembers)).map(toWireMember),
    })),
    bind(contract.getMember, async (member, { params }) => {
      const found = await within(deps, member, (tx) => findMember(tx, params.userId))
      if (found === undefined) throw problems.NOT_FOUND()
      return { data: toWireMember(found) }
    }),
    bind(contract.changeRole, async (owner, { params, body }) => ({
      data: toWireMember(await changeRole(deps, owner, params.userId, body.role)),
    })),
    bind(contract.removeMember, async (member, { params }) => {
      await removeMember(deps, member, params.userId)
      return { ok: true } as const
    }),
    bind(contract.listInvitations, async (owner) => ({
      data: (await within(deps, owner, (tx) => listOpenInvitations(tx, deps.clock.now()))).map(
        toWireInvitation,
      ),
    })),
    bind(contract.invite, async (owner, { body }) => ({
      data: toWireInvited(await invite(deps, owner, body)),
    })),
    bind(contract.revokeInvitation, async (owner, { params }) => {
      await revokeInvitation(deps, owner, params.id)
      return { ok: true } as const
    }),
  ]
}
