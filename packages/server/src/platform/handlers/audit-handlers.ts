import { readFile } from 'node:fs/promises'
import { verifierFile } from '@gatehouse/kernel/audit'
import { type HandlersOf, RawReply } from '@gatehouse/kernel/endpoint'
import type { auditEndpoints } from '../contract/audit.ts'
import type { PlatformDeps } from '../deps.ts'
import { exportAuditLogs } from '../usecases/export-audit-logs.ts'
import { listAuditLogs } from '../usecases/list-audit-logs.ts'
import { verifyAuditLogs } from '../usecases/verify-audit-logs.ts'

export function auditHandlers(deps: PlatformDeps): HandlersOf<typeof auditEndpoints> {
  return {
    listAuditLogs: (member, { query }) => listAuditLogs(deps, member, query),
    verifyAuditLogs: async (member) => {
      const { intact, entries, headHash, faults } = await verifyAuditLogs(deps, member)
      return { intact, entries, headHash, faults: [...faults] }
    },
    exportAuditLogs: async (owner) =>
      new RawReply(await exportAuditLogs(deps, owner), {
        'content-disposition': `attachment; filename="audit-${owner.orgId}.ndjson"`,
        'cache-control': 'no-store',
      }),
    readAuditVerifier: async () =>
      new RawReply(await readFile(verifierFile), {
        'content-disposition': 'attachment; filename="verify-audit.mjs"',
      }),
  }
}
