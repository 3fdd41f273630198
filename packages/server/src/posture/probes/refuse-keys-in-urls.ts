import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { firstOrg, keyOf, lightPaths, show } from './ask.ts'

const names = ['api_key', 'key', 'token', 'access_token', 'apikey']

/**
 * Sends a valid key in the URL or the body, which must open nothing, and two different keys in one request, which must
 * be refused.
 */
export async function refuseKeysInUrls(target: Target): Promise<Finding> {
  const org = firstOrg(target)
  let tried = 0
  for (const service of ['uptime', 'oversight', 'volatility'] as const) {
    const key = keyOf(org, service)
    for (const name of names) {
      const { status } = await target.send(`${lightPaths[service]}?${name}=${key}`)
      tried += 1
      if (status < 400) return fails(`A key in the address, as ${name}, opened ${service}`, { tried })
    }
  }
  const { status } = await target.send(lightPaths.volatility, {
    ...show('volatility', keyOf(org, 'volatility')),
    headers: { 'x-api-key': keyOf(org, 'oversight') },
  })
  return status === 401
    ? holds({ tried: tried + 1 })
    : fails(`Two different keys in one request were answered ${status}`, { status })
}
