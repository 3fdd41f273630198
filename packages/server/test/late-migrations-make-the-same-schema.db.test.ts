import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { connectOnce, type Database, migrate, type MigrationSet, openDatabase } from '@gatehouse/kernel/db'
import { prepareJobs } from '@gatehouse/kernel/jobs'
import { Secret } from '@gatehouse/kernel/secrets'
import { testDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { schema } from '../src/schema.ts'

const { migrations } = schema

type History = {
  readonly name: string
  /** The last file of a module that such a database has; other modules are whole. */
  readonly until: Readonly<Record<string, string>>
  /** Files before it that came later, by module and name. */
  readonly missing: readonly string[]
}

/** Databases that were made while files were still coming that stand before others which were there already. */
const histories: readonly History[] = [
  {
    name: 'oversight before its decisions',
    until: { oversight: '0008_telemetry_of_rights.sql' },
    missing: ['oversight/0002_decisions.sql'],
  },
  {
    name: 'before single sign-on',
    until: {
      oversight: '0006_telemetry.sql',
      platform: '0013_telemetry.sql',
      uptime: '0005_telemetry.sql',
      'kernel/db': '0005_telemetry.sql',
    },
    missing: [
      'oversight/0002_decisions.sql',
      'platform/0013_reset_links.sql',
      'platform/0013_single_sign_on.sql',
      'uptime/0005_mails.sql',
      'kernel/db/0005_external_ids.sql',
    ],
  },
]

const server = new Secret(process.env['GATEHOUSE_TEST_DATABASE_URL'] ?? '')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-late-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function toOld(
  { module, folder: from }: MigrationSet,
  { until, missing }: History,
): Promise<{ readonly set: MigrationSet; readonly late: readonly string[] }> {
  const to = await mkdtemp(join(folder, 'set-'))
  const files = (await readdir(from)).filter((file) => file.endsWith('.sql'))
  const isLate = (file: string): boolean =>
    missing.includes(`${module}/${file}`) || file > (until[module] ?? '9999')
  for (const file of files) if (!isLate(file)) await cp(join(fileURLToPath(from), file), join(to, file))
  return {
    set: { module, folder: pathToFileURL(`${to}/`) },
    late: files.filter(isLate).map((file) => `${module}/${file}`),
  }
}

/** Tables, columns, keys, indexes, rights and row security, by name. */
async function describeSchema(db: Database): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ line: string }>(`
    WITH own AS (
      SELECT c.oid, c.relname, n.nspname, c.relacl, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname IN ('gatehouse', 'platform', 'uptime', 'oversight') AND c.relkind IN ('r', 'p', 'v')
         AND NOT c.relispartition
    )
    SELECT format('%s.%s %s %s', nspname, relname, relrowsecurity, relforcerowsecurity) AS line FROM own
    UNION ALL
    SELECT format('%s.%s.%s %s %s %s', nspname, relname, attname, format_type(atttypid, atttypmod), attnotnull,
                  pg_get_expr(d.adbin, d.adrelid))
      FROM own JOIN pg_attribute a ON a.attrelid = own.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('%s.%s %s', nspname, relname, pg_get_constraintdef(k.oid)) FROM own JOIN pg_constraint k ON k.conrelid = own.oid
    UNION ALL
    SELECT indexdef FROM pg_indexes JOIN own ON own.nspname = schemaname AND own.relname = tablename
    UNION ALL
    SELECT format('%s.%s policy %s %s %s %s', schemaname, tablename, policyname, roles, qual, with_check)
      FROM pg_policies JOIN own ON own.nspname = schemaname AND own.relname = tablename
    UNION ALL
    SELECT format('%s.%s %s %s', nspname, relname, grantee::regrole, privilege_type) FROM own, aclexplode(own.relacl)
    UNION ALL
    SELECT format('%s.%s.%s %s %s', nspname, relname, attname, grantee::regrole, privilege_type)
      FROM own JOIN pg_attribute a ON a.attrelid = own.oid, aclexplode(a.attacl)
    ORDER BY line`)
  return rows.map(({ line }) => line)
}

it.each(histories)('late-migrations-make-the-same-schema: $name', async (history) => {
  const fresh = await testDatabase()
  const name = `late_${randomUUID().replaceAll('-', '')}`
  await connectOnce(server, (run) => run(`CREATE DATABASE ${name}`))
  const url = new URL(server.reveal())
  url.pathname = `/${name}`
  const db = openDatabase({ url: new Secret(url.href) })
  try {
    await prepareJobs(db)
    const old = await Promise.all(migrations.map((set) => toOld(set, history)))
    await migrate(
      db,
      old.map(({ set }) => set),
    )
    const late = old.flatMap((one) => one.late)
    expect(late).toEqual(expect.arrayContaining([...history.missing]))
    expect((await migrate(db, migrations)).toSorted()).toEqual(late.toSorted())
    expect(await describeSchema(db)).toEqual(await describeSchema(fresh.db))
  } finally {
    await db.end()
    await connectOnce(server, (run) => run(`DROP DATABASE ${name} WITH (FORCE)`))
    await fresh.drop()
  }
})
