import type { MaintenanceWindow } from '@gatehouse/sdk'
import { toLocal } from '../local-time.ts'
import { toDate } from '../to-date.ts'
import { maintenanceWords as says } from '../words/maintenance-words.ts'
import { toDay, toSaid, weekdayNames } from './recurrence.ts'

/** When it recurs, in a line: every week on Sunday at 02:00, Asia/Tokyo, for 60 minutes. */
export function describeRecurrence({
  rrule,
  cron,
  startsAt,
  timeZone,
  durationMinutes,
}: MaintenanceWindow): string {
  const zone = timeZone ?? 'UTC'
  const start = toLocal(startsAt, zone)
  const said = toSaid(rrule, cron, start)
  const { weekday, nth } = toDay(start)
  const clock = start.slice(11)
  const when = (): string => {
    switch (said.repeat) {
      case 'never':
        return ''
      case 'rrule':
      case 'cron':
        return says.byRule(said.rule)
      case 'daily':
        return says.at(says.repeat.daily, clock)
      case 'weekly': {
        const days = weekdayNames.filter((name) => said.weekdays.includes(name))
        return says.at(says.everyWeek(days.map((name) => says.weekdays[name]).join(says.comma)), clock)
      }
      case 'monthly':
        return says.at(
          says.everyMonth(says.monthly[said.on](Number(start.slice(8, 10)), says.weekdays[weekday], nth)),
          clock,
        )
    }
  }
  const end = 'until' in said && said.until !== '' ? [says.lastDay(toDate(said.until))] : []
  return [when(), zone, says.lastsMinutes(durationMinutes ?? 0), ...end].join(says.comma)
}
