import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { ask, firstOrg, keyOf, send, show, UnseenError } from './ask.ts'

const service = z.object({ service: z.object({ id: z.string() }) })
const word = 'posture-markup'
const hostile = `<img src=x onerror=alert(1)>${word}"'&`

/** Makes a public page whose name, component and incident contain markup: none of it may reach the page as markup. */
export async function escapePages(target: Target): Promise<Finding> {
  const credential = show('uptime', keyOf(firstOrg(target), 'uptime'))
  const post = (path: string, body: unknown) => send(target, path, { method: 'POST', ...credential, body })
  const slug = `posture-${randomBytes(6).toString('hex')}`
  const made = await ask(target, service, '/api/v1/services', {
    method: 'POST',
    ...credential,
    body: { name: hostile, slug, description: hostile, isPublic: true },
  })
  const serviceId = made.service.id
  await post('/api/v1/monitors', { type: 'heartbeat', name: hostile, config: {}, serviceId })
  await post('/api/v1/incidents', { title: hostile, serviceId })
  const page = await target.send(`/status/${slug}`)
  await send(target, `/api/v1/services/${serviceId}`, { method: 'DELETE', ...credential })
  const shown = page.text.split(word).length - 1
  if (page.status !== 200 || shown === 0)
    throw new UnseenError(`The status page answered ${page.status} and did not show what it was given`)
  const figures = { timesShown: shown }
  return page.text.includes('<img src=x')
    ? fails('What a customer wrote came to the status page as markup', figures)
    : holds(figures)
}
