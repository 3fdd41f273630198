import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Language } from '../domain/language.ts'

type Reader = { readonly language: Language; readonly timeZone: string | null }

/** The language and time zone of the people with these addresses; addresses without an account are left out. */
export async function findReaders(
  tx: GateTx,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Reader>> {
  const { rows } = await sql<{ email: string; language: Language; time_zone: string | null }>`
    SELECT email, coalesce(chosen_language, language) AS language, time_zone
      FROM platform."user" WHERE email = ANY (${[...addresses]}::text[])`.execute(query(tx))
  return new Map(rows.map(({ email, language, time_zone: timeZone }) => [email, { language, timeZone }]))
}
