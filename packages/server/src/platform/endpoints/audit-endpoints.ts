import { readFile } from 'node:fs/promises'
import { verifierFile } from '@gatehouse/kernel/audit'
import { bind, type BoundEndpoint, RawReply } from '@gatehouse/kernel/endpoint'
import * as contract from '../contract/audit.ts'
import type { PlatformDeps } from '../deps.ts'
import { exportAuditLogs } from '../usecases/export-audit-logs.ts'
import { listAuditLogs } from '../usecases/list-audit-logs.ts'
import { verifyAuditLogs } from '../usecases/verify-audit-logs.ts'

export function auditEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(contract.listAuditLogs, (member, { query }) => listAuditLogs(deps, member, query)),
    bind(contract.verifyAuditLogs, async (member) => {
      const { intact, entries, headHash, faults } = await verifyAuditLogs(deps, member)
      return { intact, entries, headHash, faults: [...faults] }
    }),
    bind(
      contract.exportAuditLogs,
      async (owner) =>
        new RawReply(await exportAuditLogs(deps, owner), {
          'content-disposition': `attachment; filename="audit-${owner.orgId}.ndjson"`,
          'cache-control': 'no-store',
        }),
    ),
    bind(
      contract.readAuditVerifier,
      async () =>
        new RawReply(await readFile(verifierFile), {
          'content-disposition': 'attachment; filename="verify-audit.mjs"',
        }),
    ),
  ]
}

/** The audit list for a service's own keys; the service registers the scope `audit:read` and adds this to its endpoints. */
export function auditEndpointForKeys(deps: Pick<PlatformDeps, 'db' | 'cursors'>): BoundEndpoint {
  return bind(contract.listAuditLogsByKey, (caller, { query }) => listAuditLogs(deps, caller, query))
}
