import { testDatabase } from '@gatehouse/kernel/testing'
import { expect, it } from 'vitest'
import { prepareSchema, schema } from '../src/schema.ts'

const modules = [...schema.migrations.map(({ module }) => module), 'kernel/later', 'later']

it.each(modules)('newer-databases-are-refused: a later migration of %s', async (module) => {
  const { db, drop } = await testDatabase()
  try {
    await db.pool.query(
      `INSERT INTO gatehouse.migration (module, name, checksum) VALUES ($1, '9999_later.sql', '')`,
      [module],
    )
    await expect(prepareSchema(db, Date.now())).rejects.toThrow(
      `The database is newer than this version of Gatehouse: it knows the migration ${module}/9999_later.sql`,
    )
  } finally {
    await drop()
  }
})

it.each(schema.migrations.map(({ module }) => module))(
  'a migration of %s that was changed afterwards is refused',
  async (module) => {
    const { db, drop } = await testDatabase()
    try {
      await db.pool.query(`UPDATE gatehouse.migration SET checksum = 'other' WHERE module = $1`, [module])
      await expect(prepareSchema(db, Date.now())).rejects.toThrow('was changed after it was applied')
    } finally {
      await drop()
    }
  },
)

it('a database of this very version is taken as it is', async () => {
  const { db, drop } = await testDatabase()
  try {
    expect(await prepareSchema(db, Date.now())).toEqual([])
  } finally {
    await drop()
  }
})
