import { access, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDataFolder } from './data-folder.ts'
import { type Program, startProgram } from './fixtures/start-program.ts'

let parent: string
let path: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'gatehouse-folder-'))
  path = join(parent, 'data')
})
afterEach(() => rm(parent, { recursive: true }))

it('a new folder is closed to others, but for the way through that PostgreSQL needs under root', async () => {
  const folder = await openDataFolder(path)
  await folder.release()
  const isRoot = process.getuid?.() === 0
  expect((await stat(path)).mode & 0o777).toBe(isRoot ? 0o711 : 0o700)
  expect((await stat(folder.secrets)).mode & 0o777).toBe(0o700)
  expect((await stat(join(path, 'server.lock'))).mode & 0o777).toBe(0o600)
})

it('the mode of a folder that was there before stays as it is', async () => {
  const { mode } = await stat(parent)
  await (await openDataFolder(parent)).release()
  expect((await stat(parent)).mode).toBe(mode)
})

it.each([
  ['that is a file', '', 'a file has that name'],
  ['below a file', 'deeper/data', 'a file has that name'],
])('a data folder %s is refused with a sentence that names it', async (_what, below, because) => {
  const file = join(parent, 'file')
  await writeFile(file, 'text')
  const given = join(file, below)
  await expect(openDataFolder(given)).rejects.toThrow(`The data folder ${given} cannot be made: ${because}.`)
  expect((await stat(file)).isFile()).toBe(true)
})

it.runIf(process.platform === 'linux')(
  'a data folder where none can be made is refused, and not tried for ever',
  async () => {
    await expect(openDataFolder('/proc/gatehouse/data')).rejects.toThrow(
      'the file system takes no folders there',
    )
  },
)

it('folders on the way are made, and closed to others', async () => {
  const folder = await openDataFolder(join(parent, 'some', 'way', 'data'))
  await folder.release()
  expect((await stat(join(parent, 'some', 'way'))).mode & 0o777).toBe(0o700)
})

it('a second server is refused with a sentence that names the process and the folder', async () => {
  const first = await startProgram('hold-folder.ts', path)
  expect(first.line).toBe('held')
  await expect(openDataFolder(path)).rejects.toThrow(
    `Another Gatehouse server (process ${first.pid}) is already running on ${path}`,
  )
  expect(await first.finish()).toBe(0)
})

it('the same process cannot hold a folder twice either', async () => {
  const folder = await openDataFolder(path)
  await expect(openDataFolder(path)).rejects.toThrow('already running')
  await folder.release()
})

it('a folder that was let go is free', async () => {
  await (await openDataFolder(path)).release()
  await expect(access(join(path, 'server.pid'))).rejects.toThrow()
  await (await openDataFolder(path)).release()
})

it('a killed holder leaves the folder free, even when its number now belongs to a living process', async () => {
  const killed = await startProgram('hold-folder.ts', path)
  await killed.kill()
  await writeFile(join(path, 'server.pid'), `${process.pid}\n`)
  const folder = await openDataFolder(path)
  expect(folder.path).toBe(path)
  await folder.release()
})

it('of many who take over from a killed holder at once, exactly one wins', async () => {
  await (await startProgram('hold-folder.ts', path)).kill()
  const rivals: readonly Program[] = await Promise.all(
    Array.from({ length: 6 }, () => startProgram('hold-folder.ts', path)),
  )
  const winners = rivals.filter(({ line }) => line === 'held')
  await Promise.all(rivals.map(({ finish }) => finish()))
  expect(winners).toHaveLength(1)
  for (const { line } of rivals)
    expect(line).toMatch(/^(held|Another Gatehouse server .*is already running on )/)
})
