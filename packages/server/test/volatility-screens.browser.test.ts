import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barsUpTo } from '../src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../src/services/volatility/fixtures/drawn-bars.ts'
import { timeframes } from '../src/services/volatility/domain/timeframe.ts'
import { openFilledMarkets } from '../src/services/volatility/testing/filled-markets.ts'
import { type PaddleSimulator, startPaddle } from '../src/services/volatility/testing/paddle-simulator.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing, proveInPage } from './fixtures/dashboard-browser.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, join, password, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { openScreens, type Screens } from './fixtures/screens.ts'

let server: ComposedServer
let screens: Screens
let paddle: PaddleSimulator
let ann: SignedIn

beforeAll(async () => {
  if (isBrowserMissing) return
  await buildDashboard()
  paddle = await startPaddle('pdl_ntfset_secret')
  server = await composeServer({
    GATEHOUSE_PADDLE_PRICES: 'pri_pro=pro,pri_desk=desk',
    PADDLE_WEBHOOK_SECRET: 'pdl_ntfset_secret',
    PADDLE_API_KEY: paddle.apiKey,
    PADDLE_API_URL: paddle.apiUrl,
  })
  ann = await setUpOwner(server.client, server.ownerToken)
  await join(server.client, ann, 'viewer')
  const nowMs = Date.now()
  const markets = await openFilledMarkets(server.db, nowMs)
  for (const timeframe of timeframes)
    await markets.fill(
      'binance',
      'btcusdt',
      timeframe,
      barsUpTo(drawBars(timeframe, 900, 5), timeframe, nowMs),
    )
  for (const [at, symbol] of ['ethusdt', 'solusdt', 'xrpusdt'].entries())
    for (const timeframe of ['1m', '15m', '1h'] as const)
      await markets.fill(
        'binance',
        symbol,
        timeframe,
        barsUpTo(drawBars(timeframe, 700, 7 + at), timeframe, nowMs),
      )
  await markets.fill('bybit', 'btcusdt', '1h', barsUpTo(drawBars('1h', 900, 5), '1h', nowMs))
  await markets.fill('bybit', 'btcusdt', '1m', barsUpTo(drawBars('1m', 900, 5), '1m', nowMs))
  // A market that has been silent for an hour.
  const before = nowMs - 3_600_000
  await markets.fill('binance', 'dogeusdt', '1m', barsUpTo(drawBars('1m', 700, 9), '1m', before))
  await markets.stop()
  for (const [at, to] of ['high', 'normal'].entries())
    await server.db.pool.query(
      `WITH head AS (UPDATE volatility.event_head SET seq = seq + 1 RETURNING seq)
       INSERT INTO volatility.event (seq, id, org_id, type, body, created_at)
       SELECT seq, 'evt_' || seq, NULL, 'regime.transition', $1, now() FROM head`,
      [
        {
          type: 'regime.transition',
          ts_ms: nowMs - (2 - at) * 60_000,
          symbol: 'btcusdt',
          timeframe: '1m',
          preset: 'balanced',
          method: 'published',
          from: at === 0 ? 'normal' : 'high',
          to,
          z_vol: 3.4,
          realized_vol: 0.61,
          close: 100.25,
          late: false,
        },
      ],
    )
  await eventually('the server has seen the bars', async () => {
    for (const path of ['/v1/regime/xrpusdt?timeframe=1h', '/v1/regime/dogeusdt']) {
      const { regime } = await server.client.ask<{ regime: string | null }>(path)
      if (regime === null) return undefined
    }
    return true
  })
  screens = await openScreens(server)
})
afterAll(async () => {
  if (isBrowserMissing) return
  await screens.close()
  await server.stop()
  await paddle.stop()
})

describe.skipIf(isBrowserMissing)('the screens of volatility', () => {
  it('the-board-shows-every-regime-at-once: in word and shape, with what is stale said to be', async () => {
    const { page, done } = await screens.open('/volatility/board')
    await page.getByRole('link', { name: 'BTCUSDT' }).waitFor()
    const row = page.getByRole('row', { name: /BTCUSDT/ })
    expect(await row.getByText(/^(Low|Normal|High)$/).count()).toBe(6)
    await page.getByRole('row', { name: /DOGEUSDT.*stale/ }).waitFor()
    await page.getByLabel('Find a symbol').fill('nothing')
    await page.getByText('No symbol fits what you filter by.').waitFor()
    await page.getByLabel('Find a symbol').fill('')
    await page.getByLabel('Show', { exact: true }).selectOption('stale')
    expect(await page.getByRole('row').count()).toBe(2)
    await done('board')
  })

  it('a symbol says its regime, since when and how sure, with its chart, its venues and what followed changes', async () => {
    const { page, done } = await screens.open('/volatility/symbol/btcusdt?timeframe=1h')
    await page.getByText('2 of 2 venues agree').waitFor()
    await page.getByRole('slider', { name: /Realised volatility of BTCUSDT/ }).waitFor()
    await done('symbol')
    await page.getByRole('button', { name: 'After a change' }).click()
    await page.getByRole('row', { name: /^24h/ }).waitFor()
    await done('symbol-impact')
    await page.getByRole('button', { name: 'Transitions' }).click()
    await page.getByRole('columnheader', { name: 'When' }).waitFor()
    await page.goto(new URL('/app/volatility/symbol/nothing', server.origin).href)
    await page.getByText('There is no such symbol here.').waitFor()
    expect(await page.getByRole('link', { name: 'Back to the board' }).count()).toBe(1)
  })

  it('changes are filtered in the address, and lead to the market that changed', async () => {
    const { page, done } = await screens.open('/volatility/transitions')
    await expect.poll(() => page.getByRole('row').count()).toBe(3)
    await done('transitions')
    await page.getByLabel('Into').selectOption('high')
    await expect.poll(() => page.getByRole('row').count()).toBe(2)
    expect(page.url()).toContain('to=high')
    await page.reload()
    await page.getByRole('row', { name: /Normal\s*High/ }).waitFor()
    await page.getByLabel('Into').selectOption('low')
    await page.getByText('Nothing matches').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByRole('link', { name: 'BTCUSDT' }).first().click()
    await page.getByRole('heading', { name: 'BTCUSDT' }).waitFor()
  })

  it('a preset is tried on history before it is saved, and one that breaks a rule says which at its field', async () => {
    const { page, done } = await screens.open('/volatility/presets')
    const perDay = page.getByRole('row', { name: /^Thresholds/ })
    await perDay.waitFor()
    const before = await perDay.innerText()
    await page.getByLabel('High from', { exact: true }).fill('1')
    await expect.poll(() => perDay.innerText()).not.toBe(before)
    await done('presets')
    await page.getByLabel('Name').fill('night')
    await page.getByLabel('Back from high at').fill('4')
    await page
      .getByText(/high_exit is below high_enter/)
      .first()
      .waitFor()
    await page.getByLabel('Back from high at').fill('0.5')
    await page.getByRole('button', { name: 'Save preset' }).click()
    await page
      .getByText('Saved. It counts from the next bar on.')
      .or(page.getByText('yours, version 1'))
      .first()
      .waitFor()
    await page
      .getByRole('row', { name: /night/ })
      .getByRole('button', { name: /^Delete/ })
      .click()
    await page
      .getByRole('row', { name: /night/ })
      .getByRole('button', { name: /^Delete/ })
      .click()
    await expect.poll(() => page.getByRole('row', { name: /night/ }).count()).toBe(0)
  })

  it('a viewer sees the presets, and is told who may make them', async () => {
    const { page } = await screens.open('/volatility/presets', { email: 'viewer@example.com' })
    await page.getByText('Owners and members can make presets.').waitFor()
    expect(await page.getByRole('button', { name: 'Save preset' }).count()).toBe(0)
  })

  it('a-key-is-limited-to-symbols: of this instance, by an owner, and the key sees no other from then on', async () => {
    const key = await createKey(server.client, ann, 'volatility')
    const statusOf = async (symbol: string): Promise<number> =>
      (await server.client.send(`/v1/regime/${symbol}`, { credential: key })).status
    expect([await statusOf('btcusdt'), await statusOf('ethusdt')]).toEqual([200, 200])
    const { page, done } = await screens.open('/keys')
    await page.getByRole('button', { name: 'Symbols: test' }).click()
    const dialog = page.getByRole('dialog', { name: 'Symbols of test' })
    await dialog.getByText(/Symbols of this instance: .*BTCUSDT/).waitFor()
    await dialog.getByRole('textbox').fill('btcusdt\nnothing')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('This instance has no NOTHING. Nothing was changed.').waitFor()
    await done('key-symbols')
    await dialog.getByRole('textbox').fill('btcusdt')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await proveInPage(page, password)
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Symbols: test' }).click()
    await expect.poll(() => dialog.getByRole('textbox').inputValue()).toBe('BTCUSDT')
    await expect.poll(() => statusOf('ethusdt')).toBe(403)
    expect(await statusOf('btcusdt')).toBe(200)
  })

  it('quality says what is not measured yet and what its figures do not say', async () => {
    const { page, done } = await screens.open('/volatility/quality')
    await page.getByText('Methods were not compared for this symbol and timeframe yet').waitFor()
    await page.getByText('Regimes describe and do not predict').waitFor()
    expect(await page.locator('main').innerText()).not.toMatch(/NaN|undefined|null/)
    await done('quality')
  })

  it('a-limit-is-said-where-it-is-met: on each screen that only reads, with how long to wait and a way to go on', async () => {
    const { page } = await screens.open('/volatility/board')
    await page.getByRole('link', { name: 'BTCUSDT' }).waitFor()
    const limited = {
      status: 429,
      headers: { 'retry-after': '40' },
      json: { code: 'rate_limited', title: 'Too many requests', status: 429 },
    }
    for (const [place, path] of [
      ['board', '**/v1/board*'],
      ['transitions', '**/dashboard/volatility/me/events*'],
      ['quality', '**/v1/regime/*/quality*'],
      ['plan', '**/dashboard/volatility/me/billing'],
    ] as const) {
      await page.route(path, (route) => route.fulfill(limited))
      await page.goto(new URL(`/app/volatility/${place}`, server.origin).href)
      await page.getByText('Too many attempts. Try again in 40 s.').first().waitFor()
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
      await page.unroute(path)
      await page.getByRole('button', { name: 'Try again' }).first().click()
      await page.getByText('Too many attempts. Try again in 40 s.').first().waitFor({ state: 'detached' })
    }
  })

  it('a plan is bought, and changed, on the pages of the payment provider, and its limits are told before', async () => {
    const { page, done } = await screens.open('/volatility/plan')
    await page.getByText('Plans are not in use on this instance').waitFor()
    await server.db.pool.query(`UPDATE gatehouse.org SET plan = 'free'`)
    await page.reload()
    await page.getByText('Nothing is paid for').waitFor()
    expect(await page.getByRole('row', { name: /^Requests a minute/ }).innerText()).toMatch(
      /60\s+600\s+3,000/,
    )
    await done('plan-free')
    const sent: string[] = []
    await page.route(/example\.com/, async (route) => {
      sent.push(route.request().url())
      await route.fulfill({ body: 'the provider' })
    })
    await page.getByRole('button', { name: 'Buy Pro' }).click()
    await page.getByRole('dialog').getByLabel('Your password').fill(password)
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('the provider').waitFor()
    expect(sent).toEqual(['https://checkout.example.com/?_ptxn=txn_1'])
    const bought = paddle.event('evt_1', 1, {
      subscription: 'sub_1',
      status: 'active',
      price: 'pri_pro',
      endsAt: '2099-01-01T00:00:00Z',
      customData: paddle.checkouts.at(-1),
    })
    expect(await paddle.send(`${server.origin}/v1/billing/paddle`, bought)).toEqual([200])
    await page.goBack()
    await page.getByText('1 January 2099').waitFor()
    await done('plan-pro')
    await page.getByRole('button', { name: 'Change or end' }).click()
    await page.getByRole('dialog').getByLabel('Your password').fill(password)
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('the provider').waitFor()
    expect(sent.at(-1)).toContain('https://customer-portal.example.com/')
  })
})
