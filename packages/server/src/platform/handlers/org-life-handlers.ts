import { type HandlersOf, RawReply } from '@gatehouse/kernel/endpoint'
import type { orgLifeEndpoints } from '../contract/org-life.ts'
import type { PlatformDeps } from '../deps.ts'
import { toTime } from '../../service/shapes.ts'
import { cancelTeamDeletion as cancel } from '../usecases/cancel-team-deletion.ts'
import { deleteTeam as schedule } from '../usecases/delete-team.ts'
import { exportTeam as take } from '../usecases/export-team.ts'

export function orgLifeHandlers(deps: PlatformDeps): HandlersOf<typeof orgLifeEndpoints> {
  return {
    deleteTeam: async (owner) => ({ deletionScheduledAt: toTime(await schedule(deps, owner)) }),
    exportTeam: async (owner) =>
      new RawReply(await take(deps, owner), {
        'content-disposition': `attachment; filename="org-${owner.orgId}.tar.gz"`,
        'cache-control': 'no-store',
      }),
    cancelTeamDeletion: async (owner) => {
      await cancel(deps, owner)
      return { ok: true as const }
    },
  }
}
