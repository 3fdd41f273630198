import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { usageEndpoints } from '../contract/usage.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireUsage } from './to-wire-usage.ts'
import { getUsage as count } from '../usecases/get-usage.ts'

export function usageHandlers(deps: PlatformDeps): HandlersOf<typeof usageEndpoints> {
  return { getUsage: async (member, { query }) => toWireUsage(await count(deps, member, query)) }
}
