import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@gatehouse/kernel/log'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { makeCertificate } from '../../test/fixtures/certificate.ts'
import { createDomainCertificates, type DomainCertificates } from './domain-certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-domains-'))
const domain = 'status.acme.test'
const at = (name: string): string => join(folder, domain, name)
const [first, second] = [makeCertificate(domain), makeCertificate(domain)]
let logged: { readonly msg: string; readonly level: number }[] = []
let certificates: DomainCertificates

afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  logged = []
  const log = createLogger('info', { write: (line) => void logged.push(JSON.parse(line)) })
  certificates = createDomainCertificates(folder, log)
  mkdirSync(join(folder, domain), { recursive: true })
  writeFileSync(at('fullchain.pem'), first.cert)
  writeFileSync(at('privkey.pem'), first.key)
})

const find = () => certificates.find(domain)
const messages = () => logged.map(({ msg }) => msg)
const removed = 'The certificate of a domain was removed and is no longer offered'
const unusable = 'The certificate of a domain cannot be used'

it.each([
  ['its file', () => rmSync(at('fullchain.pem'))],
  ['its folder', () => rmSync(join(folder, domain), { recursive: true })],
])('a-removed-certificate-is-no-longer-offered: with %s, as the log says once', async (_what, remove) => {
  expect(await find()).toBeDefined()
  remove()
  expect(await Promise.all([find(), find()])).toEqual([undefined, undefined])
  expect(await find()).toBeUndefined()
  expect(messages()).toEqual([removed])
  mkdirSync(join(folder, domain), { recursive: true })
  writeFileSync(at('fullchain.pem'), second.cert)
  writeFileSync(at('privkey.pem'), second.key)
  expect(await find()).toBeDefined()
})

it.each([
  ['half written', () => writeFileSync(at('fullchain.pem'), second.cert.slice(0, 300))],
  ['empty', () => writeFileSync(at('fullchain.pem'), '')],
  ['without its key', () => rmSync(at('privkey.pem'))],
  ['beside a key of another one', () => writeFileSync(at('fullchain.pem'), second.cert)],
  [
    'unreadable',
    () => {
      rmSync(at('fullchain.pem'))
      mkdirSync(at('fullchain.pem'))
    },
  ],
])('a-certificate-that-cannot-be-used-leaves-the-former: %s, as the log says once', async (_what, spoil) => {
  const before = await find()
  spoil()
  expect(await find()).toBe(before)
  expect(await find()).toBe(before)
  expect(messages()).toEqual([unusable])
  rmSync(at('fullchain.pem'), { recursive: true, force: true })
  writeFileSync(at('fullchain.pem'), second.cert)
  writeFileSync(at('privkey.pem'), second.key)
  const after = await find()
  expect(after).toBeDefined()
  expect(after).not.toBe(before)
})

it('a domain without files has none, and nothing is logged', async () => {
  expect(await certificates.find('other.acme.test')).toBeUndefined()
  expect(logged).toEqual([])
})
