import { sign, verify } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type KeyMaterial, loadKeyMaterial } from './first-run.ts'

const files = ['jwt-key', 'master-key', 'pepper', 'signing-key']

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

const toVersions = ({ master, pepper, jwt }: KeyMaterial) =>
  [master, pepper, jwt].map(({ versions }) => versions)

it('the first run makes every key, for the owner alone, and later runs find the same', async () => {
  const first = await loadKeyMaterial(folder, {})
  expect((await readdir(folder)).toSorted()).toEqual(files)
  for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
  const second = await loadKeyMaterial(folder, {})
  expect([...toVersions(second), second.cursor]).toEqual([...toVersions(first), first.cursor])
  expect(second.signing.id).toBe(first.signing.id)
})

it('no two keys are the same', async () => {
  const { master, pepper, jwt, cursor } = await loadKeyMaterial(folder, {})
  const keys = [master, pepper, jwt].map(({ versions }) => versions.get(1)?.toString('hex'))
  expect(new Set([...keys, cursor.toString('hex')]).size).toBe(4)
})

it('of two first runs at once, both end with the same keys', async () => {
  const [one, other] = await Promise.all([loadKeyMaterial(folder, {}), loadKeyMaterial(folder, {})])
  expect([...toVersions(other), other.signing.id]).toEqual([...toVersions(one), one.signing.id])
  expect((await readdir(folder)).toSorted()).toEqual(files)
})

it('the signing key signs what its public half verifies', async () => {
  const { signing } = await loadKeyMaterial(folder, {})
  const signature = sign(null, Buffer.from('entry'), signing.privateKey)
  expect(verify(null, Buffer.from('entry'), signing.publicKey, signature)).toBe(true)
  expect(verify(null, Buffer.from('other'), signing.publicKey, signature)).toBe(false)
})

it('the signing key is the Ed25519 key of RFC 8032 for the seed that is given', async () => {
  // RFC 8032, section 7.1, test 1.
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
  const env = { GATEHOUSE_SIGNING_KEY: `2:${seed.toString('base64')}` }
  const { signing } = await loadKeyMaterial(folder, env)
  expect(signing.publicKey.export({ format: 'jwk' }).x).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')
  expect(signing.id).toBe('sig-2-d75a980182b1')
})

it.each(files)('a %s that others can read stops the start, with what to do', async (file) => {
  await loadKeyMaterial(folder, {})
  await chmod(join(folder, file), 0o604)
  await expect(loadKeyMaterial(folder, {})).rejects.toThrow(`Run: chmod 600 ${join(folder, file)}`)
})

it('a bad key in the environment is refused by name and not quoted', async () => {
  const env = { GATEHOUSE_PEPPER: 'canary' }
  await expect(loadKeyMaterial(folder, env)).rejects.toThrow(/^(?!.*canary).*GATEHOUSE_PEPPER/)
})
