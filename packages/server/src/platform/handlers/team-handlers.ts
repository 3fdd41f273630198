import { within } from '@gatehouse/kernel/db'
import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { teamEndpoints } from '../contract/teams.ts'
import type { PlatformDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findOrg } from '../store/org-store.ts'
import { toTime } from '../../service/shapes.ts'
import { toWirePerson, toWireSettings, toWireTeam } from './to-wire.ts'
import { createTeam as create } from '../usecases/create-team.ts'
import { getMe as readMe } from '../usecases/get-me.ts'
import { switchTeam as change } from '../usecases/switch-team.ts'
import { updateTeam as update } from '../usecases/update-team.ts'

export function teamHandlers(deps: PlatformDeps): HandlersOf<typeof teamEndpoints> {
  return {
    getMe: async (member) => {
      const me = await readMe(deps, member)
      return {
        user: toWirePerson(me),
        teams: me.belongings.map(toWireTeam),
        teamId: member.orgId,
        role: member.role,
        factors: [...me.factors],
        epoch: me.epochMs === null ? null : toTime(me.epochMs),
        instanceAdmin: me.isInstanceAdmin,
        sendsMail: deps.mailer.isConfigured,
      }
    },
    listTeams: async (member) => ({ data: (await readMe(deps, member)).belongings.map(toWireTeam) }),
    createTeam: async (member, { body }) => ({
      data: toWireTeam(await create(deps, member, body.name)),
    }),
    switchTeam: async (member, { params }) => {
      const { belonging, accessToken } = await change(deps, member, params.id)
      return { data: toWireTeam(belonging), accessToken }
    },
    getTeam: async (member) => {
      const org = await within(deps, member, findOrg)
      if (org === undefined) throw problems.NOT_FOUND()
      return { data: toWireSettings(org) }
    },
    updateTeam: async (owner, { body }) => ({ data: toWireSettings(await update(deps, owner, body)) }),
  }
}
