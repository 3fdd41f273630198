import { Secret } from '@gatehouse/kernel/secrets'
import { z } from 'zod'
import { deriveKey } from '../../embedded/derive-key.ts'
import { readClaim } from '../../services/volatility/billing/claim.ts'
import { askElsewhere } from './ask-elsewhere.ts'
import type { Runbook, RunbookContext } from './runbook.ts'
import { assertSet, heldSecret, swapSetting } from './swap-setting.ts'

const page = z.object({
  data: z.array(z.looseObject({ id: z.string(), custom_data: z.unknown().optional() })),
  meta: z.object({ pagination: z.object({ has_more: z.boolean() }) }),
})
const [perPage, pagesMax] = [50, 100]

export const paddleApiKey: Runbook = {
  title: 'PADDLE_API_KEY, with which checkouts are started and payments read',
  assertFits: ({ local }) => assertSet(local, 'PADDLE_API_KEY'),
  steps: [
    {
      id: 'swap',
      kind: 'rotate',
      says: 'Make a new key at Paddle, revoke the old one, and take the new one',
      needsPerson: true,
      run: async (context) => {
        const text = await context.person.tells('swap', 'The new API key', [
          'At Paddle, under Developer tools, Authentication: revoke the old key, and make a new one with the same permissions.',
        ])
        if (!/^[\x21-\x7e]{8,512}$/.test(text)) throw new Error('A key has 8 to 512 visible ASCII characters')
        const next = new Secret(text)
        // Tested before anything is changed, so that a mistyped key stops no checkout.
        const status = await statusOf(context, next)
        if (status !== 200)
          throw new Error(`Paddle answers ${status} to a read with the new key: nothing was changed`)
        return { file: await swapSetting(context, 'PADDLE_API_KEY', next) }
      },
    },
    {
      id: 'old-is-refused',
      kind: 'check',
      says: 'Paddle refuses the old key, and takes the new one',
      run: async (context) => {
        const old = await statusOf(context, heldSecret(context, 'before'))
        if (old < 400) throw new Error(`Paddle still takes the old key (${old}): revoke it there`)
        const now = await statusOf(context, heldSecret(context, 'now'))
        if (now !== 200) throw new Error(`Paddle answers ${now} to the new key`)
        return { old, new: now }
      },
    },
    ...(['transactions', 'subscriptions'] as const).map((what) => ({
      id: `foreign-${what}`,
      kind: 'investigate' as const,
      says: `List the ${what} created since the exposure that this instance did not start`,
      run: async (context: RunbookContext) => listForeign(context, what),
    })),
  ],
}

async function statusOf(context: RunbookContext, key: Secret): Promise<number> {
  return (await read(context, key, '/events?per_page=1')).status
}

function read(context: RunbookContext, key: Secret, path: string) {
  const { paddleApiUrl } = context.local.config
  return askElsewhere(context, `${paddleApiUrl}${path}`, { authorization: `Bearer ${key.reveal()}` })
}

/** Lists the objects at the payment provider that we did not create: ours carry a claim that nobody else can make. */
async function listForeign(context: RunbookContext, what: 'subscriptions' | 'transactions') {
  const { local, options } = context
  const key = heldSecret(context, 'now')
  const since = new Date(options.sinceMs).toISOString()
  const own = (info: string, version?: number) => deriveKey(local.keys.master, info, version)
  const foreign: string[] = []
  let [seen, after] = [0, '']
  for (let pages = 0; pages < pagesMax; pages += 1) {
    context.signal.throwIfAborted()
    const asked = `created_at%5BGTE%5D=${encodeURIComponent(since)}&per_page=${perPage}&order_by=id%5BASC%5D${after}`
    const { status, text } = await read(context, key, `/${what}?${asked}`)
    const parsed = status === 200 ? page.safeParse(JSON.parse(text)) : undefined
    if (parsed?.success !== true) throw new Error(`Paddle did not list ${what}: status ${status}`)
    const { data, meta } = parsed.data
    seen += data.length
    for (const one of data) if (readClaim(own, one.custom_data) === undefined) foreign.push(one.id)
    const last = data.at(-1)
    if (last === undefined || !meta.pagination.has_more) break
    after = `&after=${encodeURIComponent(last.id)}`
  }
  return { since, seen, foreign }
}
