import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query } from '@gatehouse/kernel/db'
import type { Preferences } from '../domain/preferences.ts'
import type { PlatformTables } from './platform-tables.ts'

export async function setPreferences(
  tx: AuditedTx,
  userId: string,
  { language, timeZone, theme }: Preferences,
  nowMs: number,
): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.user')
    .set({ chosen_language: language, time_zone: timeZone, theme, updated_at: new Date(nowMs) })
    .where('id', '=', userId)
    .execute()
}
