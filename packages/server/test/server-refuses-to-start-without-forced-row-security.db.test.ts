import { assertTenancy, connectOnce } from '@gatehouse/kernel/db'
import { testDatabase } from '@gatehouse/kernel/testing'
import { describe, expect, it } from 'vitest'
import { composeServer } from './fixtures/compose-server.ts'

/** The refusal of a fresh database after one statement; undefined when it would still be served. */
async function refusalAfter(statement: string): Promise<string | undefined> {
  const { db, url, drop } = await testDatabase()
  try {
    await connectOnce(url, (run) => run(statement))
    return await assertTenancy(db).then(
      () => undefined,
      (error: unknown) => String(error),
    )
  } finally {
    await drop()
  }
}

describe('server-refuses-to-start-without-forced-row-security', () => {
  it('serves what the migrations leave', async () => {
    expect(await refusalAfter('SELECT 1')).toBeUndefined()
  })

  it.each<[promise: string, statement: string, sentence: string]>([
    [
      'row security that the owner of the table may pass by',
      'ALTER TABLE uptime.monitor NO FORCE ROW LEVEL SECURITY',
      'uptime.monitor does not force row-level security',
    ],
    [
      'row security that is switched off',
      'ALTER TABLE uptime.monitor DISABLE ROW LEVEL SECURITY',
      'uptime.monitor has no row-level security',
    ],
    [
      'a missing policy',
      `DO $$ DECLARE name text; BEGIN
         FOR name IN SELECT polname FROM pg_policy WHERE polrelid = 'uptime.monitor'::regclass
         LOOP EXECUTE format('DROP POLICY %I ON uptime.monitor', name); END LOOP; END $$`,
      'uptime.monitor has no policy that confines the roles of one org to it',
    ],
    [
      'a second policy that opens a side door',
      'CREATE POLICY side_door ON uptime.monitor TO gatehouse_app USING (true)',
      'uptime.monitor has more than one policy for the roles of one org',
    ],
    [
      'a side door for whoever writes telemetry',
      'CREATE POLICY side_door ON uptime.monitor TO gatehouse_telemetry USING (true)',
      'uptime.monitor has more than one policy for the roles of one org',
    ],
    [
      'a policy with another condition',
      `DO $$ DECLARE name text; BEGIN
         FOR name IN SELECT polname FROM pg_policy
                      WHERE polrelid = 'uptime.monitor'::regclass AND 'gatehouse_app'::regrole = ANY (polroles)
         LOOP EXECUTE format('ALTER POLICY %I ON uptime.monitor USING (true)', name); END LOOP; END $$`,
      'uptime.monitor has no policy that confines the roles of one org to it',
    ],
    [
      'a new table with org_id and nothing else',
      'CREATE TABLE uptime.forgotten (org_id uuid NOT NULL)',
      'uptime.forgotten has no index led by org_id',
    ],
  ])('refuses %s', async (_promise, statement, sentence) => {
    const refusal = await refusalAfter(statement)
    expect(String(refusal)).toContain('Gatehouse will not serve: ')
    expect(String(refusal)).toContain(sentence)
  })

  it('refuses an app role that owns a table', async () => {
    const refusal = await refusalAfter(`
      GRANT CREATE ON SCHEMA uptime TO gatehouse_app;
      ALTER TABLE uptime.monitor OWNER TO gatehouse_app`)
    expect(String(refusal)).toContain('the role gatehouse_app owns a table')
  })

  it('the whole server does not start, and says why', async () => {
    const { url, drop } = await testDatabase()
    await connectOnce(url, (run) => run('ALTER TABLE uptime.monitor NO FORCE ROW LEVEL SECURITY'))
    const started = composeServer({ DATABASE_URL: url.reveal() }).then(({ stop }) => stop())
    await expect(started).rejects.toThrow('uptime.monitor does not force row-level security')
    await drop()
  })
})
