import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { asOwner, assertSeen, firstOrg, keyOf, show } from './ask.ts'
import { specialHosts } from './special-targets.ts'

/** A port on which the run itself can reach nothing. */
const port = 9

/** Tries to create a monitor for each special address: every one must be refused, whatever its spelling. */
export async function refuseSpecialMonitors(target: Target, signal: AbortSignal): Promise<Finding> {
  const org = firstOrg(target)
  const uptime = show('uptime', keyOf(org, 'uptime'))
  for (const host of specialHosts) {
    signal.throwIfAborted()
    for (const [type, config] of [
      ['http', { url: `http://${host}:${port}/` }],
      ['tcp', { host: host.replaceAll(/[[\]]/g, ''), port }],
    ] as const) {
      const body = { type, isActive: false, config }
      const answer = await target.send('/api/v1/monitors', {
        method: 'POST',
        ...uptime,
        body,
      })
      assertSeen(answer, '/api/v1/monitors')
      if (answer.status < 400)
        return fails(`A monitor of type ${type} took the target ${host}`, { tried: specialHosts.length })
    }
  }
  return holds({ tried: specialHosts.length })
}

/** Tries to create a webhook for each special address, with every operation that creates one. */
export async function refuseSpecialReceivers(target: Target, signal: AbortSignal): Promise<Finding> {
  const org = firstOrg(target)
  const uptime = show('uptime', keyOf(org, 'uptime'))
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
  const hosts = specialHosts.filter((_host, at) => at % 4 === 0)
  let tried = 0
  for (const host of hosts) {
    signal.throwIfAborted()
    const url = `https://${host}:${port}/`
    const doors = [
      ['/dashboard/webhooks', { ...asOwner(org), body: { url, events: ['key.revoked'] } }],
      ['/v1/webhooks', { ...show('volatility', keyOf(org, 'volatility')), body: { url } }],
      [
        '/v1/admin/webhook/register',
        { ...show('oversight', keyOf(org, 'oversight')), body: { url, events: ['score.committed'] } },
      ],
      [
        '/api/v1/notification-channels',
        { ...uptime, body: { type: 'webhook', name: 'posture', config: { url, secret } } },
      ],
    ] as const
    for (const [path, call] of doors) {
      const answer = await target.send(path, { method: 'POST', ...call })
      assertSeen(answer, path)
      if (answer.status < 400) return fails(`A webhook to ${host} was taken at ${path}`, { tried })
      tried += 1
    }
  }
  return holds({ addresses: hosts.length, tried })
}
