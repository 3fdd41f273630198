import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createSealer,
  currentKey,
  loadOrCreateKeys,
  parseVersionedKeys,
  Secret,
  type VersionedKeys,
} from './index.ts'

describe('a secret', () => {
  const secret = new Secret('canary')
  it.each([
    ['as text', `${secret}`],
    ['as JSON', JSON.stringify({ secret })],
    ['when inspected', inspect({ secret }, { depth: 9, showHidden: true })],
    ['in an error', new Error(`no ${secret}`).message],
  ])('does not show itself %s', (_how, shown) => {
    expect(shown).not.toContain('canary')
    expect(shown).toContain('***')
  })
  it('shows itself when asked to', () => expect(secret.reveal()).toBe('canary'))
})

describe('a sealed value', () => {
  const keys = (...versions: number[]): VersionedKeys => ({
    current: Math.max(...versions),
    versions: new Map(versions.map((version) => [version, Buffer.alloc(32, version)])),
  })
  const place = { orgId: 'o', table: 't', column: 'c', row: 'r' }
  const sealer = createSealer(keys(1))
  const sealed = sealer.seal(place, 'canary')

  it('opens where it was sealed, and holds no plaintext', () => {
    expect(sealer.open(place, sealed).reveal()).toBe('canary')
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('canary')
  })

  it('never repeats itself', () => expect(sealer.seal(place, 'canary')).not.toBe(sealed))

  it.each(['orgId', 'table', 'column', 'row'] as const)('does not open with another %s', (member) => {
    expect(() => sealer.open({ ...place, [member]: 'x' }, sealed)).toThrow('changed or moved')
  })

  it('does not open after any flipped bit', () => {
    for (const part of [2, 3]) {
      const parts = sealed.split('.')
      const bytes = Buffer.from(parts[part] ?? '', 'base64url')
      for (let at = 0; at < bytes.length; at += 1) {
        const flipped = Buffer.from(bytes)
        flipped[at] = (flipped[at] ?? 0) ^ 1
        const changed = parts.with(part, flipped.toString('base64url')).join('.')
        expect(() => sealer.open(place, changed)).toThrow('changed or moved')
      }
    }
  })

  it('still opens after the master key was rotated, while the old version is held', () => {
    expect(createSealer(keys(1, 2)).open(place, sealed).reveal()).toBe('canary')
    expect(createSealer(keys(1, 2)).seal(place, 'x')).toMatch(/^s1\.2\./)
    expect(() => createSealer(keys(2)).open(place, sealed)).toThrow('Version 1 of a key is needed')
  })

  it.each(['', 'plain', 's1.1.a', `${sealed}.x`, sealed.replace('s1', 's2')])('%j is refused', (text) => {
    expect(() => sealer.open(place, text)).toThrow()
  })
})

describe('a key file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-secrets-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const pepper = { file: 'pepper', variable: 'GATEHOUSE_PEPPER', bytes: 32 }

  it('is made once, for its owner alone, and read again', async () => {
    const made = await loadOrCreateKeys(folder, pepper, {})
    expect((await stat(join(folder, 'pepper'))).mode & 0o777).toBe(0o600)
    expect(currentKey(await loadOrCreateKeys(folder, pepper, {}))).toEqual(currentKey(made))
    expect(await readdir(folder)).toEqual(['pepper'])
  })

  it('is refused when others can read it', async () => {
    await chmod(join(folder, 'pepper'), 0o640)
    await expect(loadOrCreateKeys(folder, pepper, {})).rejects.toThrow('chmod 600')
    await chmod(join(folder, 'pepper'), 0o600)
  })

  it('gives way to the environment', async () => {
    const env = { GATEHOUSE_PEPPER: `3:${Buffer.alloc(32, 7).toString('base64')}` }
    expect(await loadOrCreateKeys(folder, pepper, env)).toMatchObject({ current: 3 })
  })

  it.each([
    ['nothing', '', 'holds no key'],
    ['no version', 'YQ==', 'VERSION:BASE64'],
    ['too few bytes', '1:YQ==', 'holds 1 bytes in version 1; it must be 32'],
  ])('with %s is refused by name, without its text', (_what, text, sentence) => {
    expect(() => parseVersionedKeys(text, 'GATEHOUSE_PEPPER', 32)).toThrow(sentence)
  })
})
