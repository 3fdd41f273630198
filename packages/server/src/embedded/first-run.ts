import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto'
import type { SigningKey } from '@gatehouse/kernel/audit'
import { currentKey, loadOrCreateKeys, type VersionedKeys } from '@gatehouse/kernel/secrets'

export type KeyMaterial = {
  /** Wraps the keys that seal stored secrets. */
  readonly master: VersionedKeys
  /** Keys the digests of API keys. */
  readonly pepper: VersionedKeys
  /** Signs access tokens. */
  readonly jwt: VersionedKeys
  /** Signs audit entries. */
  readonly signing: SigningKey
  /** Makes list cursors that nobody else can make. */
  readonly cursor: Buffer
}

/** DER of a PKCS #8 Ed25519 private key up to its 32 bytes of seed (RFC 8410). */
const ed25519Header = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Reads the server's own keys, and makes those that are not there yet (V2). */
export async function loadKeyMaterial(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<KeyMaterial> {
  const load = (file: string, variable: string): Promise<VersionedKeys> =>
    loadOrCreateKeys(folder, { file, variable, bytes: 32 }, env)
  // One after another: a bad one stops the start before the next is made.
  const master = await load('master-key', 'GATEHOUSE_MASTER_KEY')
  const pepper = await load('pepper', 'GATEHOUSE_PEPPER')
  const jwt = await load('jwt-key', 'GATEHOUSE_JWT_KEY')
  const signing = await load('signing-key', 'GATEHOUSE_SIGNING_KEY')
  const cursor = Buffer.from(hkdfSync('sha256', currentKey(master), '', 'gatehouse list cursors', 32))
  return { master, pepper, jwt, signing: toSigningKey(signing), cursor }
}

function toSigningKey(keys: VersionedKeys): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([ed25519Header, currentKey(keys)]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(privateKey)
  const fingerprint = Buffer.from(publicKey.export({ format: 'der', type: 'spki' }))
    .subarray(-32, -26)
    .toString('hex')
  return { id: `sig-${keys.current}-${fingerprint}`, privateKey, publicKey }
}
