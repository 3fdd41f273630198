import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Language } from '../domain/language.ts'

/** In which language the people with these addresses read; addresses of nobody are not among them. */
export async function findLanguages(
  tx: GateTx,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Language>> {
  const { rows } = await sql<{ email: string; language: Language }>`
    SELECT email, language FROM platform."user" WHERE email = ANY (${[...addresses]}::text[])`.execute(
    query(tx),
  )
  return new Map(rows.map(({ email, language }) => [email, language]))
}
