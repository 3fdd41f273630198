import { codecs, column } from '@gatehouse/kernel/db'

const { text, textOrNull, texts, flag, instant } = codecs

/** Recurring maintenance. Each occurrence is a window of its own, planned ahead. */
export const seriesColumns = {
  id: column('id', text),
  title: column('title', textOrNull),
  scope: column('scope', codecs.oneOf<'monitors' | 'service' | 'all'>()),
  monitorIds: column('monitor_ids', texts),
  serviceId: column('service_id', textOrNull),
  /** The first possible occurrence; a rule by days recurs at its time of day. */
  startsAtMs: column('starts_at', instant),
  rrule: column('rrule', textOrNull),
  cron: column('cron', textOrNull),
  durationMinutes: column('duration_minutes', codecs.whole),
  timeZone: column('time_zone', text),
  notify: column('notify', flag),
  /** Occurrences before this time are planned already, or were removed by somebody. */
  plannedUntilMs: column('planned_until', instant),
  createdAtMs: column('created_at', instant),
}
