import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import { toTime, toTimeOrNull } from '../../service/shapes.ts'
import type { disclosureEndpoints, WireCase } from '../contract/disclosure.ts'
import type { PlatformDeps } from '../deps.ts'
import { isOverdue, toDueMs } from '../domain/deadline.ts'
import { type DisclosureCase, listCaseClocks } from '../domain/disclosure-case.ts'
import { policy } from '../policy.ts'
import {
  acknowledgeReport,
  closeCase,
  creditReporter,
  fixReported,
  judgeReport,
  listDisclosureCases,
  readDisclosureCase,
} from '../usecases/handle-case.ts'

export function disclosureHandlers(deps: PlatformDeps): HandlersOf<typeof disclosureEndpoints> {
  const toWire = (found: DisclosureCase) => toWireCase(found, deps.clock.now())
  const reply = async (found: Promise<DisclosureCase>) => ({ case: toWire(await found) })
  return {
    adminListDisclosureCases: async (admin, { query }) => {
      const { entries, ...page } = await listDisclosureCases(deps, admin, query)
      return { cases: entries.map(toWire), ...page }
    },
    adminReadDisclosureCase: async (admin, { params }) => {
      const { found, report } = await readDisclosureCase(deps, admin, params.id)
      return { case: toWire(found), report }
    },
    adminAcknowledgeReport: (admin, { params }) => reply(acknowledgeReport(deps, admin, params.id)),
    adminJudgeReport: (admin, { params, body }) => reply(judgeReport(deps, admin, params.id, body.severity)),
    adminFixReported: (admin, { params }) => reply(fixReported(deps, admin, params.id)),
    adminCreditReporter: (admin, { params, body }) =>
      reply(creditReporter(deps, admin, params.id, body.what)),
    adminCloseCase: (admin, { params, body }) => reply(closeCase(deps, admin, params.id, body.outcome)),
  }
}

function toWireCase(found: DisclosureCase, nowMs: number): WireCase {
  const { id, reference, severity, wantsCredit, receivedAtMs, outcome } = found
  const { clocks } = policy.disclosure
  const mayBeCritical = severity === null || severity === 'critical'
  return {
    id,
    reference,
    severity,
    wantsCredit,
    receivedAt: toTime(receivedAtMs),
    acknowledgeDueAt: toTime(toDueMs(receivedAtMs, clocks.acknowledge)),
    fixDueAt: mayBeCritical ? toTime(toDueMs(receivedAtMs, clocks.fix)) : null,
    overdue: listCaseClocks(found).filter((clock) => isOverdue(receivedAtMs, clocks[clock], nowMs)),
    acknowledgedAt: toTimeOrNull(found.acknowledgedAtMs),
    fixedAt: toTimeOrNull(found.fixedAtMs),
    creditedAt: toTimeOrNull(found.creditedAtMs),
    closedAt: toTimeOrNull(found.closedAtMs),
    outcome,
  }
}
