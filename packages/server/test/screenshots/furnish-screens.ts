import { targetWordingVersion } from '../../src/platform/domain/target-wording.ts'
import { barsUpTo } from '../../src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../../src/services/volatility/fixtures/drawn-bars.ts'
import { timeframes } from '../../src/services/volatility/domain/timeframe.ts'
import { openFilledMarkets } from '../../src/services/volatility/testing/filled-markets.ts'
import { h80Bodies } from '../../src/services/oversight/testing/h80-requests.ts'
import type { ComposedServer } from '../fixtures/compose-server.ts'
import { waitingGate, withOversightKey } from '../fixtures/decisions.ts'
import { eventually } from '../fixtures/eventually.ts'
import { createKey, join, proveAnew, setUpOwner, type SignedIn } from '../fixtures/people.ts'
import { type Kinds, type ScreenState, toKinds } from './sample-kinds.ts'
import { furnishUptime } from './sample-uptime.ts'

/** Where each screen with a parameter leads; without anything, to what does not exist. */
export type Paths = Readonly<Record<string, string>>

/** The owner, and everything that the screens of this state show. */
export async function furnishScreens(
  server: ComposedServer,
  state: ScreenState,
  targetPort: number,
  feeds: 'off' | 'simulated',
): Promise<Paths> {
  const owner = await setUpOwner(server.client, server.ownerToken)
  const kinds = toKinds(state)
  if (kinds.count === 0) return doorPaths
  await join(server.client, owner, 'viewer')
  const acknowledgement = {
    credential: owner.accessToken,
    method: 'PUT',
    body: { version: targetWordingVersion },
  }
  await server.client.ask('/dashboard/acknowledgements/targets', acknowledgement)
  const uptime = await furnishUptime(server, owner, targetPort, kinds)
  const oversight = await furnishOversight(server, owner, kinds)
  if (feeds === 'off') await furnishVolatility(server, kinds)
  const instance = await furnishInstance(server, owner, kinds)
  return { ...doorPaths, ...uptime, ...oversight, ...instance, ...volatilityPaths }
}

/** What links in mails lead to asks for a token before it shows its form, and judges it afterwards. */
const doorPaths = {
  '/setup': '/setup?token=any',
  '/reset-password': '/reset-password?token=any',
  '/verify-email': '/verify-email?token=any',
  '/invite': '/invite?token=any',
}

const volatilityPaths = { '/volatility/symbol/:symbol': '/volatility/symbol/btcusdt?timeframe=1h' }

async function furnishOversight(server: ComposedServer, owner: SignedIn, { count }: Kinds): Promise<Paths> {
  const key = await createKey(server.client, owner, 'oversight')
  const nowMs = Date.now()
  // Of fewer than five people nothing is told of the organisation.
  for (let at = 1; at <= Math.min(count, 5); at += 1) {
    const operator = `analyst-${at}`
    await server.client.ask('/v1/score/batch', {
      headers: { 'x-api-key': key },
      body: {
        session_id: 'history',
        operator_id: operator,
        domain: 'financial',
        // Of one history, of which each saw another part: people differ.
        interactions: h80Bodies(nowMs, operator)
          .filter((_body, index) => (index + 3 * at) % (4 + at) !== 0)
          .map(({ interaction, session_id: session }) => ({
            ...interaction,
            session_id: `${operator}-${session}`,
          })),
      },
    })
  }
  const scored = await withOversightKey(server.client, key).score(waitingGate)
  for (let more = 1; more < Math.min(count, 3); more += 1)
    await withOversightKey(server.client, key).score(waitingGate)
  const { url } = await server.client.ask<{ url: string }>('/v1/operator/analyst-1/access-link', {
    headers: { 'x-api-key': key },
    body: {},
  })
  return {
    '/own-record': `/own-record${new URL(url).hash}`,
    '/oversight/operators/:id': '/oversight/operators/analyst-1',
    '/oversight/decisions/:id': `/oversight/decisions/${scored.ai_decision_log_id}`,
  }
}

async function furnishVolatility(server: ComposedServer, { count }: Kinds): Promise<void> {
  const nowMs = Date.now()
  const markets = await openFilledMarkets(server.db, nowMs)
  for (const timeframe of timeframes)
    for (const venue of ['binance', 'bybit'] as const)
      await markets.fill(venue, 'btcusdt', timeframe, barsUpTo(drawBars(timeframe, 900, 5), timeframe, nowMs))
  for (const [at, symbol] of ['ethusdt', 'solusdt', 'xrpusdt'].slice(0, count - 1).entries())
    for (const timeframe of timeframes)
      await markets.fill(
        'binance',
        symbol,
        timeframe,
        barsUpTo(drawBars(timeframe, 700, 7 + at), timeframe, nowMs),
      )
  await markets.stop()
  await eventually('the server has seen the bars', async () => {
    const { regime } = await server.client.ask<{ regime: string | null }>('/v1/regime/btcusdt?timeframe=1h')
    return regime === null ? undefined : true
  })
}

async function furnishInstance(server: ComposedServer, owner: SignedIn, { toName }: Kinds): Promise<Paths> {
  const { incident } = await server.client.ask<{ incident: { id: string } }>('/admin/security-incidents', {
    credential: owner.accessToken,
    headers: await proveAnew(server.client, owner),
    body: {
      title: toName('A backup could be read'),
      severity: 'high',
      data: 'names and e-mail addresses',
    },
  })
  const form = new URLSearchParams({
    what: 'An invitation can be taken twice',
    impact: 'Two people join with one link',
    reproduction: 'Open the link in two browsers at once',
    contact: 'finder@example.com',
    credit: 'yes',
    name: 'A finder',
  })
  await fetch(`${server.origin}/security/report`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  return { '/admin/security-incidents/:id': `/admin/security-incidents/${incident.id}` }
}
