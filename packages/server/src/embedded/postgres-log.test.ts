import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openPostgresLog } from './postgres-log.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-log-'))
  path = join(folder, 'postgres.log')
})
afterEach(() => rm(folder, { recursive: true }))

it('a full log becomes the old one, at the byte that would be too many', async () => {
  const log = openPostgresLog(path, 6)
  log.write(Buffer.from('abc'))
  log.write(Buffer.from('def'))
  await expect(readFile(`${path}.1`)).rejects.toThrow('ENOENT')
  log.write(Buffer.from('g'))
  expect([await readFile(`${path}.1`, 'utf8'), await readFile(path, 'utf8')]).toEqual(['abcdef', 'g'])
})

it('what an earlier run wrote counts', async () => {
  openPostgresLog(path, 6).write(Buffer.from('abcdef'))
  openPostgresLog(path, 6).write(Buffer.from('g'))
  expect(await readFile(path, 'utf8')).toBe('g')
})

it('its owner alone can read it', async () => {
  openPostgresLog(path).write(Buffer.from('a'))
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

it('a log that cannot be written ends nothing', () => {
  expect(() => openPostgresLog(join(folder, 'gone', 'postgres.log')).write(Buffer.from('a'))).not.toThrow()
})
