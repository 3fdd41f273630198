import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import type { Secret } from '@gatehouse/kernel/secrets'

/** What a key may do to itself. A test key belongs to another org than the one that it acts in. */
export type OwnKeys = {
  /** Makes its successor, whose secret is shown only here; the key itself is refused from now on. */
  readonly rotate: (
    key: KeyPrincipal,
  ) => Promise<{ readonly secret: Secret; readonly prefix: string; readonly createdAtMs: number }>
  readonly revoke: (key: KeyPrincipal) => Promise<void>
}
