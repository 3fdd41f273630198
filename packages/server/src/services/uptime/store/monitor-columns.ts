import { codecs, column } from '@gatehouse/kernel/db'

const { text, whole, wholeOrNull, flag, instant } = codecs

/** The settings of a monitor. The wire has the same members, except for sealed ones. */
export const monitorSettings = {
  serviceId: column('service_id', text),
  name: column('name', text),
  /** As replies echo it: a secret member reads `{"set": true}`. */
  config: column('config', codecs.json<Readonly<Record<string, unknown>>>()),
  /** Sealed JSON of the secret members; null if there are none. */
  sealedConfig: column('sealed_config', codecs.textOrNull, 'sealed'),
  intervalSeconds: column('interval_seconds', whole),
  isActive: column('is_active', flag),
  downThreshold: column('down_threshold', whole),
  upThreshold: column('up_threshold', whole),
  confirmSpacingSeconds: column('confirm_spacing_seconds', wholeOrNull),
  degradedAfterMs: column('degraded_after_ms', wholeOrNull),
  notifyDegraded: column('notify_degraded', flag),
  renotifyMinutes: column('renotify_minutes', whole),
  tags: column('tags', codecs.texts),
}

/** Row types, statements, the organisation's export and resealing are derived from these columns. */
export const monitorColumns = {
  id: column('id', text),
  type: column('type', text),
  ...monitorSettings,
  lastManualCheckAtMs: column('last_manual_check_at', codecs.instantOrNull),
  createdAtMs: column('created_at', instant),
  updatedAtMs: column('updated_at', instant),
}
