import { bind, type BoundEndpoint, RawReply } from '@gatehouse/kernel/endpoint'
import { cancelTeamDeletion, deleteTeam, exportTeam } from '../contract/org-life.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireTime } from '../to-wire.ts'
import { cancelTeamDeletion as cancel } from '../usecases/cancel-team-deletion.ts'
import { deleteTeam as schedule } from '../usecases/delete-team.ts'
import { exportTeam as take } from '../usecases/export-team.ts'

export function orgLifeEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(deleteTeam, async (owner) => ({ deletionScheduledAt: toWireTime(await schedule(deps, owner)) })),
    bind(
      exportTeam,
      async (owner) =>
        new RawReply(await take(deps, owner), {
          'content-disposition': `attachment; filename="org-${owner.orgId}.tar.gz"`,
          'cache-control': 'no-store',
        }),
    ),
    bind(cancelTeamDeletion, async (owner) => {
      await cancel(deps, owner)
      return { ok: true as const }
    }),
  ]
}
