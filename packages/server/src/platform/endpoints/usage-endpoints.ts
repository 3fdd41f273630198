import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import { getUsage } from '../contract/usage.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireUsage } from '../to-wire-usage.ts'
import { getUsage as count } from '../usecases/get-usage.ts'

export function usageEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [bind(getUsage, async (member, { query }) => toWireUsage(await count(deps, member, query)))]
}
