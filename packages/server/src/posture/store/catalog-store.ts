import type { Inside } from '../inside.ts'

/** How many tables carry the org of each row, partitions aside. */
export async function countConfinedTables({ read }: Pick<Inside, 'read'>): Promise<number> {
  const [row] = await read<{ tables: number }>(`
    SELECT count(*)::int AS tables
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND n.nspname NOT IN ('pg_catalog', 'information_schema')
       AND EXISTS (SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped)`)
  return row?.tables ?? 0
}
