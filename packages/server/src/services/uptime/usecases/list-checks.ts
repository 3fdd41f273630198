import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import type { CheckQuery, CheckReply } from '../contract/monitors.ts'
import { toTime } from '../../../service/shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { writeMessage } from '../messages.ts'
import { problems } from '../problems.ts'
import { type CheckPosition, type CheckResult, listChecks as listStored } from '../store/check-store.ts'
import { findMonitor } from '../store/monitor-store.ts'
import { openCursor, toPage } from '../../../service/paging.ts'

const list = 'checks'
const pageDefault = 50

export async function listChecks(
  deps: Pick<UptimeDeps, 'db' | 'cursors'>,
  principal: Principal,
  monitorId: string,
  { from: fromMs, to: toMs, outcome, location, limit = pageDefault, cursor }: CheckQuery,
): Promise<{ readonly checks: CheckReply[]; readonly nextCursor: string | null }> {
  const { orgId } = principal
  const after = readPosition(openCursor(deps, list, orgId, cursor))
  return within(deps, principal, async (tx) => {
    if ((await findMonitor(tx, monitorId)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Monitor not found' })
    const rows = await listStored(
      tx,
      { monitorId, fromMs, toMs, outcome, location },
      { after, limit: limit + 1 },
    )
    const { entries, nextCursor } = toPage(deps, list, orgId, rows, limit, writePosition)
    return { checks: entries.map(toCheckReply), nextCursor }
  })
}

export function toCheckReply(result: CheckResult): CheckReply {
  const { startedAtMs, slotAtMs: _slot, code, totalMs, ...rest } = result
  return {
    ...rest,
    code,
    totalMs,
    startedAt: toTime(startedAtMs),
    message: code === null ? null : writeMessage(code, result.values, 'en'),
    responseTimeMs: totalMs,
  }
}

const origins = ['scheduled', 'confirm', 'recover', 'manual', 'ping', 'deadline'] as const
const position = z.tuple([z.int(), z.string(), z.enum(origins)])

function writePosition({ startedAtMs, location, origin }: CheckPosition): string {
  return JSON.stringify([startedAtMs, location, origin])
}

function readPosition(text: string | undefined): CheckPosition | undefined {
  if (text === undefined) return undefined
  const [startedAtMs, location, origin] = position.parse(JSON.parse(text))
  return { startedAtMs, location, origin }
}
