import type { AuditLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import type { Database } from '@gatehouse/kernel/db'
import { toJudgeFigures } from '../domain/rules.ts'
import { uptimePolicy } from '../policy.ts'

export type JudgeDeps = {
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly publicUrl: () => string
}

export const judgeFigures = toJudgeFigures(uptimePolicy)
