import { within } from '@gatehouse/kernel/db'
import type { ReplyOf } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { getMyUsage } from '../contract/account.ts'
import type { VolatilityDeps } from '../deps.ts'
import { volatilityPolicy } from '../policy.ts'
import { listUsage, type UsageRow } from '../store/usage-store.ts'
import { ownRoutes } from './own-routes.ts'

const [minuteMs, hourMs] = [60_000, 3_600_000]

type Counts = {
  calls: number
  ok: number
  client_errors: number
  rate_limited: number
  server_errors: number
}

/** The organisation's calls of the last hours or days, up to the last complete minute. */
export async function readUsage(
  deps: Pick<VolatilityDeps, 'clock' | 'db'>,
  principal: Principal,
  asked: { readonly hours?: number | undefined; readonly days?: number | undefined },
): Promise<ReplyOf<typeof getMyUsage>> {
  const hours =
    asked.days === undefined ? (asked.hours ?? volatilityPolicy.usage.hoursDefault) : 24 * asked.days
  const toMs = Math.floor(deps.clock.now() / minuteMs) * minuteMs
  const fromMs = toMs - hours * hourMs
  const rows = await within(deps, principal, (tx) => listUsage(tx, ownRoutes, fromMs, toMs))
  const group = <Name extends string | number>(nameOf: (row: UsageRow) => Name) =>
    [...Map.groupBy(rows, nameOf)].map(([name, own]) => ({ name, ...toCounts(own) }))
  return {
    hours,
    from_ms: fromMs,
    to_ms: toMs,
    ...toCounts(rows),
    routes: group(({ method, route }) => `${method} ${route}`)
      .map(({ name, ...counts }) => ({ route: name, ...counts }))
      .toSorted((a, b) => b.calls - a.calls || (a.route < b.route ? -1 : 1)),
    ...(asked.days === undefined
      ? {}
      : {
          per_day: group(({ dayMs }) => dayMs)
            .map(({ name, ...counts }) => ({ day_ms: name, ...counts }))
            .toSorted((a, b) => a.day_ms - b.day_ms),
        }),
  }
}

/** A call refused by a rate limit counts only as such. */
function toCounts(rows: readonly UsageRow[]): Counts {
  const counts: Counts = { calls: 0, ok: 0, client_errors: 0, rate_limited: 0, server_errors: 0 }
  for (const { status, calls } of rows) {
    counts.calls += calls
    if (status === 429) counts.rate_limited += calls
    else if (status >= 500) counts.server_errors += calls
    else if (status >= 400) counts.client_errors += calls
    else counts.ok += calls
  }
  return counts
}
