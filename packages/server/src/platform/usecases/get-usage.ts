import { within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { UsageQuery } from '../contract/usage.ts'
import type { PlatformDeps } from '../deps.ts'
import { judgeUsageRange } from '../domain/judge-usage-range.ts'
import { toUsageTable, type UsageTable } from '../domain/to-usage-table.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listUsage } from '../store/usage-store.ts'

const dayMs = 86_400_000

export async function getUsage(
  deps: PlatformDeps,
  member: MemberPrincipal,
  { from, to }: UsageQuery,
): Promise<UsageTable> {
  const { usageDaysMax, usageDaysDefault } = policy
  const verdict = judgeUsageRange({ from, to }, deps.clock.now(), usageDaysDefault, usageDaysMax)
  if (!verdict.accepted)
    throw problems.VALIDATION_ERROR({ fields: [{ field: verdict.field, message: verdict.message }] })
  const { days } = verdict
  const [first = 0] = days
  const rows = await within(deps, member, (tx) => listUsage(tx, first, first + days.length * dayMs))
  return toUsageTable(days, rows)
}
