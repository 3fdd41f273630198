import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  addKeyVersion,
  findNextKeyVersion,
  forgetNextKeyVersion,
  loadOrCreateKeys,
  prepareNextKeyVersion,
} from './index.ts'

const key = { file: 'signing-key', variable: 'GATEHOUSE_SIGNING_KEY', bytes: 32 }
const nowMs = Date.UTC(2026, 5, 1)
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-next-'))
  await loadOrCreateKeys(folder, key, {})
})
afterEach(() => rm(folder, { recursive: true }))

const prepare = () => prepareNextKeyVersion(folder, key, {}, nowMs)

it('is made once, for its owner alone, and found again until it is forgotten', async () => {
  expect(await findNextKeyVersion(folder, key)).toBeUndefined()
  const next = await prepare()
  expect(next.version).toBe(2)
  expect((await stat(join(folder, 'signing-key.next'))).mode & 0o777).toBe(0o600)
  expect([await prepare(), await findNextKeyVersion(folder, key)]).toEqual([next, next])
  await forgetNextKeyVersion(folder, key)
  await forgetNextKeyVersion(folder, key)
  expect(await findNextKeyVersion(folder, key)).toBeUndefined()
  expect((await prepare()).bytes).not.toEqual(next.bytes)
})

it('stays the same version after it was added, so that a rotation which ended there is ended and not begun anew', async () => {
  const next = await prepare()
  await addKeyVersion(folder, key, {}, nowMs, next.bytes)
  expect(await prepare()).toEqual(next)
  expect((await loadOrCreateKeys(folder, key, {})).versions.get(2)).toEqual(next.bytes)
})

it('of a key of the environment, there is none, and nothing is written', async () => {
  const env = { GATEHOUSE_SIGNING_KEY: `1:${Buffer.alloc(32, 1).toString('base64')}` }
  await expect(prepareNextKeyVersion(folder, key, env, nowMs)).rejects.toThrow('GATEHOUSE_SIGNING_KEY is set')
  expect(await readdir(folder)).toEqual(['signing-key'])
})
