import { type RawBuilder, sql } from 'kysely'

/**
 * A member of stored JSON as text; null if the JSON holds what PostgreSQL cannot give back, such as U+0000, which
 * earlier versions stored and for which `->>` fails. Only texts with an escape are looked at twice.
 */
export function readMember(json: RawBuilder<unknown>, member: string): RawBuilder<string | null> {
  const escape = String.raw`\u`
  return sql`CASE WHEN strpos(${json}::text, ${escape}) = 0 OR pg_input_is_valid(${json}::text, 'jsonb')
                  THEN ${json}::json ->> ${member} END`
}
