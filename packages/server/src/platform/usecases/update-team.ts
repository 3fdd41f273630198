import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { type Org, toTestOrgName } from '../domain/org.ts'
import { problems } from '../problems.ts'
import { findOrg, type OrgSettings, setOrgSettings } from '../store/org-store.ts'
import { alsoInTestOrg } from './test-org.ts'

export async function updateTeam(
  deps: PlatformDeps,
  owner: MemberPrincipal,
  settings: OrgSettings,
): Promise<Org> {
  const updated = await mutate(deps, owner, async (tx) => {
    const now = deps.clock.now()
    await setOrgSettings(tx, settings, now)
    const org = await findOrg(tx)
    if (org === undefined) throw problems.NOT_FOUND()
    const { name, allowedOrigins } = settings
    return {
      result: org,
      entry: {
        action: 'org.update',
        resourceId: owner.orgId,
        detail: { ...(name && { name }), ...(allowedOrigins && { allowedOrigins }) },
        at: now,
      },
    }
  })
  const { name, allowedOrigins } = updated
  const followed = { name: toTestOrgName(name), allowedOrigins }
  await alsoInTestOrg(deps, owner, async (tx) => {
    const at = deps.clock.now()
    await setOrgSettings(tx, followed, at)
    return {
      action: 'org.update',
      resourceId: tx.orgId,
      detail: { ...followed, allowedOrigins: [...allowedOrigins] },
      at,
    }
  })
  return updated
}
