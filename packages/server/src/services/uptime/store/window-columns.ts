import { codecs, column } from '@gatehouse/kernel/db'

const { text, textOrNull, texts, flag, instant } = codecs

/** Row types, statements and the org's export follow from these lines. */
export const windowColumns = {
  id: column('id', text),
  title: column('title', textOrNull),
  scope: column('scope', codecs.oneOf<'monitors' | 'service' | 'all'>()),
  monitorIds: column('monitor_ids', texts),
  /** Taken out of the window before it ended. */
  excludedMonitorIds: column('excluded_monitor_ids', texts),
  serviceId: column('service_id', textOrNull),
  startsAtMs: column('starts_at', instant),
  endsAtMs: column('ends_at', instant),
  /** False: lasts until ended by hand, past `endsAtMs` too. */
  autoResolve: column('auto_resolve', flag),
  /** Its beginning and its end are told. */
  notify: column('notify', flag),
  endedAtMs: column('ended_at', codecs.instantOrNull),
  /** The recurring maintenance that it is one time of. */
  seriesId: column('series_id', textOrNull),
  createdAtMs: column('created_at', instant),
}

/** Maintenance that recurs. Each of its times is a window of its own, planned ahead. */
export const seriesColumns = {
  id: column('id', text),
  title: column('title', textOrNull),
  scope: column('scope', codecs.oneOf<'monitors' | 'service' | 'all'>()),
  monitorIds: column('monitor_ids', texts),
  serviceId: column('service_id', textOrNull),
  /** Nothing recurs before it; a rule of days recurs at its time of day. */
  startsAtMs: column('starts_at', instant),
  rrule: column('rrule', textOrNull),
  cron: column('cron', textOrNull),
  durationMinutes: column('duration_minutes', codecs.whole),
  timeZone: column('time_zone', text),
  notify: column('notify', flag),
  /** What starts until then is planned, or was taken out by somebody. */
  plannedUntilMs: column('planned_until', instant),
  createdAtMs: column('created_at', instant),
}
