import type { Usage, UsageSpan } from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

export function usageApi(send: Transport) {
  return {
    read: (span: UsageSpan = {}, options?: CallOptions) =>
      send<Usage>('GET', '/dashboard/usage', { ...options, query: span }),
  }
}
