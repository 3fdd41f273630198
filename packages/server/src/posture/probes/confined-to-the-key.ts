import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { ask, bothOrgs, keyOf, send, show } from './ask.ts'

const list = z.object({ incidents: z.array(z.object({ title: z.string() })) })
const canary = 'posture: of one organisation alone'

/**
 * Names another org in a header, the query and the body: each must be ignored or refused, and none may give access to
 * that org.
 */
export async function confinedToTheKey(target: Target): Promise<Finding> {
  const [owner, stranger] = bothOrgs(target)
  const path = '/api/v1/incidents'
  const own = show('uptime', keyOf(owner, 'uptime'))
  const other = show('uptime', keyOf(stranger, 'uptime'))
  await send(target, path, { method: 'POST', ...own, body: { title: canary } })
  const { incidents } = await ask(target, list, path, own)
  if (!incidents.some(({ title }) => title === canary))
    return fails('An organisation does not see what it made itself')
  const names = ['org_id', 'orgId', 'team_id', 'teamId']
  for (const name of names) {
    const asked = [
      await target.send(`${path}?${name}=${owner.orgId}`, other),
      await target.send(path, { ...other, headers: { [`x-${name.replace('_', '-')}`]: owner.orgId } }),
    ]
    if (asked.some(({ text }) => text.includes(canary)))
      return fails(`Naming another organisation as ${name} opened what belongs to it`)
    const body = { title: 'posture', [name]: owner.orgId }
    const { status } = await target.send(path, { method: 'POST', ...other, body })
    if (status < 400) return fails(`A body that names another organisation as ${name} was taken`)
  }
  return holds({ names: names.length, tried: names.length * 3 })
}
