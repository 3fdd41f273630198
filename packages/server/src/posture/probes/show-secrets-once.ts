import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Sink } from '../sink.ts'
import type { Target } from '../target.ts'
import { asOwner, ask, firstOrg, keyOf, mintKey, send, show } from './ask.ts'

const platformHook = z.object({ webhook: z.object({ id: z.string(), secret: z.string() }) })
const regimeHook = z.object({ uid: z.string(), signing_secret: z.string() })

/** Reads a webhook, a subscription and a key with every operation that shows them: none may show the secret again. */
export async function showSecretsOnce(target: Target, sink: Sink): Promise<Finding> {
  const org = firstOrg(target)
  const market = show('volatility', keyOf(org, 'volatility'))
  const { webhook } = await ask(target, platformHook, '/dashboard/webhooks', {
    method: 'POST',
    ...asOwner(org),
    body: { url: sink.open().url, events: ['key.revoked'] },
  })
  const regime = await ask(target, regimeHook, '/v1/webhooks', {
    method: 'POST',
    ...market,
    body: { url: sink.open().url },
  })
  const key = await mintKey(target, org, 'uptime')
  const secrets = [webhook.secret, regime.signing_secret, key.key]
  const reads = [
    ['/dashboard/webhooks', asOwner(org)],
    [`/dashboard/webhooks/${webhook.id}`, asOwner(org)],
    ['/v1/webhooks', market],
    [`/v1/webhooks/${regime.uid}`, market],
    ['/dashboard/api-keys', asOwner(org)],
    ['/dashboard/audit-logs?limit=100', asOwner(org)],
  ] as const
  for (const [path, call] of reads) {
    const { text } = await send(target, path, call)
    if (secrets.some((secret) => text.includes(secret)))
      return fails(`GET ${path.replace(/\?.*/, '')} shows a secret once more`, { secrets: secrets.length })
  }
  return holds({ secrets: secrets.length, reads: reads.length })
}

/**
 * Deletes a webhook and creates another for the same receiver: the old one must be gone, and the secret must be
 * different.
 */
export async function changeSecretByAnother(target: Target, sink: Sink): Promise<Finding> {
  const org = firstOrg(target)
  const credential = show('volatility', keyOf(org, 'volatility'))
  const body = { url: sink.open().url }
  const make = () => ask(target, regimeHook, '/v1/webhooks', { method: 'POST', ...credential, body })
  const before = await make()
  await send(target, `/v1/webhooks/${before.uid}`, { method: 'DELETE', ...credential })
  const gone = await target.send(`/v1/webhooks/${before.uid}`, credential)
  const after = await make()
  if (gone.status !== 404)
    return fails(`A deleted webhook is answered ${gone.status}`, { status: gone.status })
  const bytes = Buffer.from(after.signing_secret.replace(/^whsec_/, ''), 'base64').length
  if (after.signing_secret === before.signing_secret)
    return fails('Another webhook has the secret of the one before')
  return bytes < 24 ? fails('A secret is too short', { bytes }) : holds({ bytes })
}
