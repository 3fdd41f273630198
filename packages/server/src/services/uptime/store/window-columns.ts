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
  createdAtMs: column('created_at', instant),
}
