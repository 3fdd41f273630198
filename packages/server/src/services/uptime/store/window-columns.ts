import { codecs, column } from '@gatehouse/kernel/db'

const { text, textOrNull, texts, flag, instant } = codecs

/** Row types, statements and the organisation's export are derived from these columns. */
export const windowColumns = {
  id: column('id', text),
  title: column('title', textOrNull),
  scope: column('scope', codecs.oneOf<'monitors' | 'service' | 'all'>()),
  monitorIds: column('monitor_ids', texts),
  /** Monitors removed from the window before it ended. */
  excludedMonitorIds: column('excluded_monitor_ids', texts),
  serviceId: column('service_id', textOrNull),
  startsAtMs: column('starts_at', instant),
  endsAtMs: column('ends_at', instant),
  /** False: the window lasts until it is ended manually, even past `endsAtMs`. */
  autoResolve: column('auto_resolve', flag),
  /** People are notified of its beginning and its end. */
  notify: column('notify', flag),
  endedAtMs: column('ended_at', codecs.instantOrNull),
  /** The recurring maintenance that it is an occurrence of. */
  seriesId: column('series_id', textOrNull),
  createdAtMs: column('created_at', instant),
}
