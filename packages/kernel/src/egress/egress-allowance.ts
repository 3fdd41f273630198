import type { AddressRange } from './address-range.ts'

export type AllowedRange = AddressRange & {
  /** The setting as the operator wrote it, for the start log and the security page. */
  readonly text: string
  /** Undefined allows every port. */
  readonly port: number | undefined
}

/** What the operator permits beyond the public internet. */
export type EgressAllowance = { readonly ranges: readonly AllowedRange[] }

export const noAllowance: EgressAllowance = { ranges: [] }
