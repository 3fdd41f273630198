import type { KeyObject } from 'node:crypto'

export type SigningKey = {
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}
