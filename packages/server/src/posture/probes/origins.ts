import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { asOwner, firstOrg, keyOf, lightPaths, send, show, UnseenError } from './ask.ts'

const own = 'https://posture.example'
const strangers = [
  'https://other.example',
  'https://posture.example.other.example',
  'http://posture.example',
  'null',
]

/** Lets an org allow one origin: its answers must be readable for that origin, and for no other. */
export async function openToOwnOrigins(target: Target): Promise<Finding> {
  const org = firstOrg(target)
  const body = { allowedOrigins: [own] }
  await send(target, '/dashboard/team', { method: 'PUT', ...asOwner(org), body })
  const allowedTo = async (origin: string): Promise<string | null> => {
    const call = show('uptime', keyOf(org, 'uptime'))
    const { headers } = await target.send(lightPaths.uptime, { ...call, headers: { origin } })
    return headers.get('access-control-allow-origin')
  }
  const opened = await allowedTo(own)
  if (opened !== own) throw new UnseenError('The origin that the organisation allows was not let in')
  for (const origin of strangers) {
    const allowed = await allowedTo(origin)
    if (allowed !== null) return fails(`A request from ${origin} was opened to ${allowed}`)
  }
  await send(target, '/dashboard/team', { method: 'PUT', ...asOwner(org), body: { allowedOrigins: [] } })
  return holds({ strangers: strangers.length })
}

/** Sends preflights from unknown origins: no answer may contain anything that a browser would take for permission. */
export async function refusePreflights(target: Target): Promise<Finding> {
  for (const origin of [own, ...strangers]) {
    const { status, headers } = await target.send(lightPaths.uptime, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    const allowed = headers.get('access-control-allow-origin')
    if (allowed !== null) return fails(`A preflight of ${origin} is answered with ${allowed}`, { status })
  }
  return holds({ strangers: strangers.length + 1 })
}
