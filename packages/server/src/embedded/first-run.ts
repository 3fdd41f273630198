import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { SigningKey } from '@gatehouse/kernel/audit'
import { deriveFrom } from './derive-key.ts'
import {
  createKeyRing,
  currentKey,
  derivedFrom,
  findNextKeyVersion,
  type KeyFile,
  type KeyRing,
  loadOrCreateKeys,
  type NextKeyVersion,
  type VersionedKeys,
} from '@gatehouse/kernel/secrets'

/** The server's own keys by the name that commands use, and where each comes from. */
export const keyFiles = {
  'master-key': { file: 'master-key', variable: 'GATEHOUSE_MASTER_KEY', bytes: 32 },
  pepper: { file: 'pepper', variable: 'GATEHOUSE_PEPPER', bytes: 32 },
  'jwt-key': { file: 'jwt-key', variable: 'GATEHOUSE_JWT_KEY', bytes: 32 },
  'signing-key': { file: 'signing-key', variable: 'GATEHOUSE_SIGNING_KEY', bytes: 32 },
} as const satisfies Readonly<Record<string, KeyFile>>

export type KeyName = keyof typeof keyFiles

export function isKeyName(text: string): text is KeyName {
  return Object.hasOwn(keyFiles, text)
}

export type KeyMaterial = {
  /** The master key, which wraps the keys that seal stored secrets. */
  readonly master: KeyRing
  /** The key of the digests of API keys. */
  readonly pepper: KeyRing
  /** The key that signs access tokens. */
  readonly jwt: KeyRing
  /** The key that signs audit entries: always the newest version. */
  readonly signing: SigningKey
  /** All versions of the signing key. */
  readonly signingRing: KeyRing
  /**
   * The public keys, by key id, of all versions that ever signed, and of the one that chains announce before it signs.
   */
  readonly signingPublicKeys: ReadonlyMap<string, KeyObject>
  readonly publishNextSigningKey: (next: NextKeyVersion | undefined) => void
  /** The key of list cursors, which nobody else can make. */
  readonly cursor: Buffer
}

/** The DER of a PKCS #8 Ed25519 private key, up to the 32 bytes of the seed (RFC 8410). */
const ed25519Header = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Reads the server's own keys, and creates those that do not exist yet (V2). */
export async function loadKeyMaterial(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<KeyMaterial> {
  const load = async (name: KeyName): Promise<KeyRing> =>
    createKeyRing(await loadOrCreateKeys(folder, keyFiles[name], env))
  // One after another: a bad one stops the start before the next is created.
  const master = await load('master-key')
  const pepper = await load('pepper')
  const jwt = await load('jwt-key')
  const cursor = deriveFrom(currentKey(master), 'gatehouse list cursors')
  const signing = signingFrom(await loadOrCreateKeys(folder, keyFiles['signing-key'], env))
  signing.publishNextSigningKey(await findNextKeyVersion(folder, keyFiles['signing-key']))
  return { master, pepper, jwt, cursor, ...signing }
}

function signingFrom(
  first: VersionedKeys,
): Pick<KeyMaterial, 'signing' | 'signingRing' | 'signingPublicKeys' | 'publishNextSigningKey'> {
  const publicKeys = new Map<string, KeyObject>()
  const ring = createKeyRing(first)
  const keyOf = derivedFrom(ring, toSigningKey)
  // A key that was removed from the file stays published, because the entries that it signed stay.
  const publish = (): void => {
    for (const version of ring.versions.keys()) publicKeys.set(keyOf(version).id, keyOf(version).publicKey)
  }
  publish()
  return {
    signing: {
      get id() {
        return keyOf(ring.current).id
      },
      get privateKey() {
        return keyOf(ring.current).privateKey
      },
      get publicKey() {
        return keyOf(ring.current).publicKey
      },
    },
    signingRing: {
      get current() {
        return ring.current
      },
      get versions() {
        return ring.versions
      },
      get madeAtSeconds() {
        return ring.madeAtSeconds ?? new Map<number, number>()
      },
      replace: (next) => {
        ring.replace(next)
        publish()
      },
    },
    signingPublicKeys: publicKeys,
    publishNextSigningKey: (next) => {
      if (next === undefined) return
      const { id, publicKey } = toSigningKey(next.bytes, next.version)
      publicKeys.set(id, publicKey)
    },
  }
}

export function toSigningKey(seed: Buffer, version: number): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([ed25519Header, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(privateKey)
  const fingerprint = Buffer.from(publicKey.export({ format: 'der', type: 'spki' }))
    .subarray(-32, -26)
    .toString('hex')
  return { id: `sig-${version}-${fingerprint}`, privateKey, publicKey }
}
