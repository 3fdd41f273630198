import type { CallOptions, Transport } from './transport.ts'

export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx'

export type RouteUsage = {
  readonly method: string
  /** The endpoint's path with its `{names}`. */
  readonly route: string
  readonly statusClass: StatusClass
  readonly calls: number
  /** In the order of `days`. */
  readonly perDay: readonly number[]
}

export type Usage = {
  readonly days: readonly string[]
  readonly calls: number
  readonly routes: readonly RouteUsage[]
}

/** Days such as `2026-01-31`, both included. */
export type UsageSpan = { readonly from?: string; readonly to?: string }

export function usageApi(send: Transport) {
  return {
    read: (span: UsageSpan = {}, options?: CallOptions) =>
      send<Usage>('GET', '/dashboard/usage', { ...options, query: span }),
  }
}
