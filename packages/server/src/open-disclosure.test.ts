import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey } from 'openpgp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDisclosure } from './open-disclosure.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-keys-'))
const toFile = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const files = {
  none: join(folder, 'missing.asc'),
  text: toFile('text.asc', 'no key'),
  public: '',
  private: '',
  locked: '',
}

beforeAll(async () => {
  const userIDs = [{ email: 'security@example.com' }]
  const { publicKey, privateKey } = await generateKey({ userIDs })
  const locked = await generateKey({ userIDs, passphrase: 'secret' })
  files.public = toFile('public.asc', publicKey)
  files.private = toFile('private.asc', privateKey)
  files.locked = toFile('locked.asc', locked.privateKey)
})
afterAll(() => rmSync(folder, { recursive: true }))

const open = (reportPgpKey?: keyof typeof files, securityTextPgpKey?: keyof typeof files) =>
  openDisclosure({
    securityContact: undefined,
    reportPgpKey: reportPgpKey && files[reportPgpKey],
    securityTextPgpKey: securityTextPgpKey && files[securityTextPgpKey],
  })

it.each<
  [what: string, report: keyof typeof files | undefined, text: keyof typeof files | undefined, said: string]
>([
  [
    'a file that is not there',
    'none',
    undefined,
    'GATEHOUSE_REPORT_PGP_KEY must name the file of an armoured OpenPGP public key',
  ],
  [
    'a file that is no key',
    'text',
    undefined,
    'GATEHOUSE_REPORT_PGP_KEY must name the file of an armoured OpenPGP public key',
  ],
  ['a private key to encrypt to', 'private', undefined, 'GATEHOUSE_REPORT_PGP_KEY must name a public key'],
  [
    'no file to sign with',
    undefined,
    'none',
    'GATEHOUSE_SECURITY_TEXT_PGP_KEY must name the file of an armoured OpenPGP private key',
  ],
  [
    'a public key to sign with',
    undefined,
    'public',
    'GATEHOUSE_SECURITY_TEXT_PGP_KEY must name the file of an armoured OpenPGP private key',
  ],
  [
    'a key with a passphrase',
    undefined,
    'locked',
    'GATEHOUSE_SECURITY_TEXT_PGP_KEY names a key with a passphrase',
  ],
])('%s stops the start, with the name of the setting', async (_what, report, text, said) => {
  await expect(open(report, text)).rejects.toThrow(said)
})

it('with right keys, and with none, it starts', async () => {
  expect(await open()).toEqual({ securityContact: undefined, reportKey: undefined, signText: undefined })
  const { reportKey, signText } = await open('public', 'private')
  expect(reportKey?.armored).toContain('BEGIN PGP PUBLIC KEY BLOCK')
  expect(await signText?.('Contact: x\n', Date.now())).toContain('BEGIN PGP SIGNATURE')
})
