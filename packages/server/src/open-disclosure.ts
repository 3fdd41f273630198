import { readFile } from 'node:fs/promises'
import type { ServerConfig } from './config.ts'
import type { ReportKey } from './platform/index.ts'
import type { SignText } from './well-known.ts'

type DisclosureConfig = Pick<ServerConfig, 'securityContact' | 'reportPgpKey' | 'securityTextPgpKey'>

/** How someone who found a weakness can reach the operator. */
type Disclosure = {
  readonly securityContact: string | undefined
  readonly reportKey: ReportKey | undefined
  readonly signText: SignText | undefined
}

export async function openDisclosure(config: DisclosureConfig): Promise<Disclosure> {
  return {
    securityContact: config.securityContact,
    reportKey: await openReportKey(config.reportPgpKey),
    signText: await openTextSigner(config.securityTextPgpKey),
  }
}

/** Reads the operator's public PGP key from a file. Throws an error that names the setting. */
async function openReportKey(file: string | undefined): Promise<ReportKey | undefined> {
  if (file === undefined) return undefined
  const name = 'GATEHOUSE_REPORT_PGP_KEY'
  // Loaded only where it is configured.
  const { createMessage, encrypt, readKey } = await import('openpgp')
  const read = async () => readKey({ armoredKey: await readFile(file, 'utf8') })
  const key = await read().catch((cause: unknown) => {
    throw new Error(`${name} must name the file of an armoured OpenPGP public key`, { cause })
  })
  if (key.isPrivate()) throw new Error(`${name} must name a public key, and this file holds a private one`)
  await key.getEncryptionKey().catch((cause: unknown) => {
    throw new Error(`${name} names a key to which nothing can be encrypted: it has expired, or cannot`, {
      cause,
    })
  })
  return {
    armored: key.armor(),
    encrypt: async (text) => {
      const message = await createMessage({ text })
      return String(await encrypt({ message, encryptionKeys: key, format: 'armored' }))
    },
  }
}

/** Makes a function that signs text in clear form (RFC 9580 §7), with the private key of a file. */
async function openTextSigner(file: string | undefined): Promise<SignText | undefined> {
  if (file === undefined) return undefined
  const name = 'GATEHOUSE_SECURITY_TEXT_PGP_KEY'
  const { createCleartextMessage, readPrivateKey, sign } = await import('openpgp')
  const read = async () => readPrivateKey({ armoredKey: await readFile(file, 'utf8') })
  const key = await read().catch((cause: unknown) => {
    throw new Error(`${name} must name the file of an armoured OpenPGP private key`, { cause })
  })
  if (!key.isDecrypted()) throw new Error(`${name} names a key with a passphrase, which nobody can type here`)
  return async (text, nowMs) => {
    const message = await createCleartextMessage({ text })
    const signed = await sign({ message, signingKeys: key, date: new Date(nowMs), format: 'armored' })
    // Line endings are not part of what is signed.
    return signed.replaceAll('\r\n', '\n')
  }
}
