import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'
import { asOwner, firstOrg, lightPaths, mintKey, ownerOf, revoke, send, show, UnseenError } from './ask.ts'

/** Uses valid and invalid secrets, and searches the log lines written meanwhile for each of them, in every encoding. */
export async function searchTheLog({ target, sink, logged }: Inside): Promise<Finding> {
  const org = firstOrg(target)
  const { email, password, accessToken } = ownerOf(org)
  const key = await mintKey(target, org, 'uptime')
  await send(target, lightPaths.uptime, show('uptime', key.key))
  const spoiled = `${key.key.slice(0, -4)}0000`
  await target.send(lightPaths.uptime, show('uptime', spoiled))
  await target.send('/auth/login', { body: { email, password: `${password}-wrong` } })
  await target.send('/auth/login', { body: `{"password": "${password}", ` })
  const hook = await send(target, '/dashboard/webhooks', {
    method: 'POST',
    ...asOwner(org),
    body: { url: sink.open().url, events: ['key.revoked'] },
  })
  const [signing = ''] = /whsec_[A-Za-z0-9+/=_-]+/.exec(hook.text) ?? []
  await revoke(target, org, key)
  const secrets = [key.key, spoiled, password, accessToken, signing]
  if (secrets.some((secret) => secret.length < 8))
    throw new UnseenError('The probe has no secrets to look for')
  const lines = logged()
  if (!lines.some((line) => line.includes('/dashboard/webhooks')))
    throw new UnseenError('What is logged could not be read')
  const found = secrets.filter((secret) =>
    formsOf(secret).some((form) => lines.some((line) => line.includes(form))),
  )
  const figures = { lines: lines.length, secrets: secrets.length, found: found.length }
  return found.length === 0 ? holds(figures) : fails('A secret is in the log', figures)
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    encodeURIComponent(secret),
  ]
}
