import { query, type TelemetryTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/** Notifies every node when the transaction commits. */
export async function tellNodes(tx: TelemetryTx, subject: string): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${subject})`.execute(query(tx))
}
