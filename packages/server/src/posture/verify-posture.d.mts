import type { KeyObject } from 'node:crypto'

type Signed = { readonly key_id: string; readonly signature: string }
export type PostureFault = { readonly of: string; readonly because: string }

export function toCanonicalText(value: unknown): string
export function toSignedText(record: object): string
export function judgeSigned(record: Signed, publicKeys: ReadonlyMap<string, KeyObject>): string | undefined
export function judgePosture(
  document: Signed & { readonly claims?: readonly unknown[]; readonly history?: readonly unknown[] },
  publicKeys: ReadonlyMap<string, KeyObject>,
): readonly PostureFault[]
export function toPublicKeys(list: {
  readonly keys: readonly { readonly key_id: string; readonly public_key: string }[]
}): ReadonlyMap<string, KeyObject>
