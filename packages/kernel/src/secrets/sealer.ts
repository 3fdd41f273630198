import { randomBytes } from 'node:crypto'
import { decrypt, encrypt } from './aes-gcm.ts'
import { Secret } from './secret.ts'
import { currentKey, keyOf, type VersionedKeys } from './versioned-keys.ts'

/** The place of a sealed value; it cannot be opened at any other place. */
export type SealContext = {
  readonly orgId: string
  readonly table: string
  readonly column: string
  readonly row: string
}

export type Sealer = {
  readonly seal: (context: SealContext, plaintext: string) => string
  /** Throws when the value was changed, moved to another place, or sealed under a master key that is not held. */
  readonly open: (context: SealContext, sealed: string) => Secret
}

const keyBytes = 32

/**
 * Envelope encryption of single values (V1): `s1.VERSION.WRAPPED.BODY`. A fresh data key encrypts the value and is
 * itself encrypted by the master key of VERSION, both with AES-256-GCM under random 96-bit nonces (NIST SP 800-38D) and
 * with the place as associated data. WRAPPED and BODY are base64url of nonce, ciphertext, tag.
 */
export function createSealer(master: VersionedKeys): Sealer {
  return {
    seal: (context, plaintext) => {
      const place = toAssociatedData(context)
      const dataKey = randomBytes(keyBytes)
      const wrapped = encrypt(currentKey(master), place, dataKey)
      const body = encrypt(dataKey, place, Buffer.from(plaintext, 'utf8'))
      return `s1.${master.current}.${wrapped.toString('base64url')}.${body.toString('base64url')}`
    },
    open: (context, sealed) => {
      const [format, version, wrapped, body, ...rest] = sealed.split('.')
      if (format !== 's1' || wrapped === undefined || body === undefined || rest.length > 0)
        throw new Error('This is not a sealed value')
      const place = toAssociatedData(context)
      const dataKey = decrypt(keyOf(master, Number(version)), place, Buffer.from(wrapped, 'base64url'))
      return new Secret(decrypt(dataKey, place, Buffer.from(body, 'base64url')).toString('utf8'))
    },
  }
}

function toAssociatedData({ orgId, table, column, row }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([orgId, table, column, row]), 'utf8')
}
