import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from 'kysely'
import { instanceOrgId } from '../principal/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { decideWithin, query } from './index.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  await database.db.pool.query(`
    CREATE TABLE public.late (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED);
    GRANT SELECT, INSERT ON public.late TO gatehouse_app`)
})
afterAll(() => database.drop())

it('a decision whose commit fails is told by what failed, and gives its connection back once', async () => {
  const principal = { kind: 'system', orgId: instanceOrgId, because: 'test' } as const
  const twice = decideWithin(database, principal, (tx) =>
    sql`INSERT INTO public.late VALUES (1), (1)`.execute(query(tx)),
  )
  await expect(twice).rejects.toMatchObject({ code: '23505' })
  const { rows } = await decideWithin(database, principal, (tx) =>
    sql`SELECT id FROM public.late`.execute(query(tx)),
  )
  expect(rows).toEqual([])
})
