import { codecs, column } from '@gatehouse/kernel/db'
import type { ActiveHours } from '../domain/active-hours.ts'

const { text, whole, flag, instant } = codecs

/** Row types, statements, the organisation's export and resealing are derived from these columns. */
export const channelColumns = {
  id: column('id', text),
  type: column('type', text),
  name: column('name', text),
  sealedConfig: column('sealed_config', text, 'sealed'),
  /** The displayable part of the config. */
  summary: column('summary', text),
  isActive: column('is_active', flag),
  verified: column('verified', flag),
  isDefault: column('is_default', flag),
  delaySeconds: column('delay_seconds', whole),
  /** Null: no restriction. */
  activeHours: column('active_hours', codecs.json<ActiveHours | null>()),
  events: column('events', codecs.texts),
  language: column('language', codecs.oneOf<'en' | 'ja'>()),
  lastTestAtMs: column('last_test_at', codecs.instantOrNull),
  createdAtMs: column('created_at', instant),
  updatedAtMs: column('updated_at', instant),
}
