import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { h80Bodies } from '../src/services/oversight/testing/h80-requests.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { buildDashboard, isBrowserMissing, proveInPage, saved } from './fixtures/dashboard-browser.ts'
import { waitingGate, withOversightKey } from './fixtures/decisions.ts'
import { createKey, join, password, setUpOwner } from './fixtures/people.ts'
import { openScreens, type Screens } from './fixtures/screens.ts'

let server: ComposedServer
let screens: Screens

beforeAll(async () => {
  if (isBrowserMissing) return
  await buildDashboard()
  server = await composeServer({ GATEHOUSE_HOST: 'localhost' })
  const ann = await setUpOwner(server.client, server.ownerToken)
  await join(server.client, ann, 'viewer')
  await join(server.client, ann, 'member')
  const key = await createKey(server.client, ann, 'oversight')
  const headers = { 'x-api-key': key }
  const nowMs = Date.now()
  for (const operator of ['analyst-1', 'analyst-2', 'analyst-3', 'analyst-4', 'analyst-5'])
    await server.client.ask('/v1/score/batch', {
      headers,
      body: {
        session_id: 'history',
        operator_id: operator,
        domain: 'financial',
        interactions: h80Bodies(nowMs, operator).map(({ interaction, session_id: session }) => ({
          ...interaction,
          session_id: `${operator}-${session}`,
        })),
      },
    })
  for (const operator of ['new-one', 'leaver'])
    await server.client.ask('/v1/score', {
      headers,
      body: { ...h80Bodies(nowMs)[0], session_id: `${operator}-0`, operator_id: operator },
    })
  for (let at = 0; at < 12; at += 1)
    await server.client.ask('/v1/telemetry/ai-call-observed', {
      headers,
      body: {
        request_id: `req-unfollowed-${at}-0123456789`,
        provider: 'openai',
        model: 'gpt',
        source: 'desk',
      },
    })
  const { score } = withOversightKey(server.client, key)
  for (let at = 0; at < 3; at += 1) await score({ ...waitingGate, reviewer_pool: 'tower' })
  for (let at = 0; at < 2; at += 1) await score({ model: { provider: 'openai' }, domain: 'housing' })
  screens = await openScreens(server)
})
afterAll(async () => {
  if (isBrowserMissing) return
  await screens.close()
  await server.stop()
})

const viewer = { email: 'viewer@example.com' }
const member = { email: 'member@example.com' }

describe.skipIf(isBrowserMissing)('the screens of oversight', () => {
  it('the-organisation-is-led-by-team-gain: in words and with its interval, for viewers too', async () => {
    const { page, done } = await screens.open('/oversight/organisation')
    await page
      .getByRole('region', { name: 'Team gain' })
      .getByText(/n = 300/)
      .waitFor()
    await page.getByText(/Outcome known for .* decisions/).waitFor()
    await page.getByRole('button', { name: 'Acknowledge' }).first().waitFor()
    const calls = page.getByText(/of 12 AI calls seen were decided about/)
    expect(await calls.innerText()).toMatch(/^0(?:\.0)?% \(0(?:\.0)?% to 24\.\d%\) of 12/)
    await page.getByText('Calls that no decision followed').click()
    await page.getByText('desk', { exact: true }).waitFor()
    await page.getByText('Newest calls without a decision (12)').click()
    await page.getByText('req-unfollowed-11-0123456789').waitFor()
    await done('organisation')
    const { page: theirs } = await screens.open('/oversight/organisation', viewer)
    await theirs
      .getByRole('region', { name: 'Team gain' })
      .getByText(/n = 300/)
      .waitFor()
    expect(await theirs.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0)
    expect(await theirs.getByRole('link', { name: 'Operators', exact: true }).count()).toBe(0)
    for (const place of ['operators', 'decisions', 'reports', 'imports', 'alerts', 'rules']) {
      server.passMinute()
      await theirs.goto(new URL(`/app/oversight/${place}`, server.origin).href)
      await theirs
        .getByText('Your role does not allow this. Ask an owner of the organisation.')
        .first()
        .waitFor()
    }
  })

  it('small-samples-appear-nowhere: operators are listed with their interval or with what is missing, and not ranked', async () => {
    const { page, done } = await screens.open('/oversight/operators')
    await page.getByRole('row', { name: /analyst-1.*56\.8.*41\.9.*71\.7/ }).waitFor()
    expect(await page.getByRole('row', { name: /new-one/ }).innerText()).toContain('Not enough yet')
    expect(await page.getByRole('columnheader').getByRole('button').count()).toBe(0)
    await done('operators')
    await page.getByRole('link', { name: 'new-one' }).click()
    await page.getByText('not enough decisions yet: 1 of 50').first().waitFor()
    expect(await page.locator('main').innerText()).not.toMatch(/^50$/m)
    await page.goBack()
    await page.getByRole('link', { name: 'analyst-1' }).click()
    await page.getByText(/41.9 to 71.7/).waitFor()
    await page.getByRole('row', { name: /analyst-1-h80-079/ }).waitFor()
    await page.getByText('Exercises for this part').click()
    const offered = page.getByRole('list', { name: 'Exercises for this part' })
    await offered.getByText('Steps').first().click()
    await offered
      .getByText(/^Practice: announced before it is answered/)
      .first()
      .waitFor()
    await page.getByRole('heading', { name: 'Who looked' }).scrollIntoViewIfNeeded()
    const looks = page.getByRole('list', { name: 'Who looked' }).getByRole('listitem')
    await looks
      .filter({ hasText: 'Ann' })
      .getByText(/^a member · on the screen$/)
      .waitFor()
    await done('operator')
    await page.getByLabel('Told on').fill('2026-06-01')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    await page.goto(new URL('/app/oversight/operators/nobody', server.origin).href)
    await page.getByText('There is no such operator').waitFor()
  })

  it('a-person-leaves-from-their-own-page: links are taken back, an account is tied, all is taken along, then erased', async () => {
    const { page, done } = await screens.open('/oversight/operators/leaver')
    await page.getByRole('button', { name: 'Make a link' }).click()
    await proveInPage(page, password)
    await page.getByText(/own-record#own_/).waitFor()
    await page.getByRole('button', { name: 'See all links' }).click()
    const links = page.getByRole('dialog', { name: 'Links to their own record' })
    await links.getByText(/Works until/).waitFor()
    await links.getByRole('button', { name: 'Take back' }).click()
    await links.getByRole('button', { name: 'Take back' }).click()
    await links.getByText(/Taken back on/).waitFor()
    await links.getByRole('button', { name: 'Close' }).click()

    const tie = page.getByRole('dialog', { name: 'Tie to a member’s account' })
    await page.getByRole('button', { name: 'Tie to a member' }).click()
    await tie.getByText('Tied to nobody.').waitFor()
    await tie.getByRole('combobox').selectOption({ label: 'Bob (member@example.com)' })
    await tie.getByRole('button', { name: 'Save' }).click()
    await tie.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Tie to a member' }).click()
    await tie.getByText('Tied to Bob.').waitFor()
    await tie.getByRole('button', { name: 'Cancel' }).click()

    const [name, lines] = await saved(page, 'Export')
    expect(name).toBe('operator-leaver.ndjson')
    expect(lines.toString().trim().split('\n').at(-1)).toMatch(/^\{"record":"end"/)
    await done('person-rights')

    await page.getByRole('button', { name: 'Erase', exact: true }).click()
    const erase = page.getByRole('dialog', { name: 'Erase this person' })
    await erase.getByText(/What stays: the hashes of the audit log/).waitFor()
    await erase.getByLabel('Type leaver to confirm').fill('somebody')
    expect(await erase.getByRole('button', { name: 'Erase for good' }).isDisabled()).toBe(true)
    await erase.getByLabel('Type leaver to confirm').fill('leaver')
    await erase.getByRole('button', { name: 'Erase for good' }).click()
    await page.getByRole('heading', { name: 'This person was erased' }).waitFor()
    await done('person-erased')
    // Members who look are told why there is nothing, and are offered nothing that only an owner may do.
    const { page: theirs } = await screens.open('/oversight/operators/leaver', member)
    await theirs.getByText(/Decisions that name them are refused/).waitFor()
    expect(await theirs.getByRole('button', { name: 'Admit again' }).count()).toBe(0)
    await theirs.goto(new URL('/app/oversight/operators/analyst-1', server.origin).href)
    await theirs.getByRole('button', { name: 'See all links' }).click()
    await theirs.getByText('Your role does not allow this. Ask an owner of the organisation.').waitFor()
    expect(await theirs.getByRole('button', { name: 'Erase', exact: true }).count()).toBe(0)

    await page.getByRole('button', { name: 'Admit again' }).click()
    await page.getByRole('button', { name: 'Admit again' }).click()
    await page.getByText(/Admitted again/).waitFor()
    await page.reload()
    await page.getByText('There is no such operator').waitFor()
    await page.getByRole('button', { name: 'Export' }).click()
    await proveInPage(page, password)
    await page.getByText('There is nothing here').waitFor()
  })

  it('a-decision-is-decided-where-it-is-seen: claimed, approved with a note, and computed again', async () => {
    const { page, done } = await screens.open('/oversight/decisions')
    await expect.poll(() => page.getByRole('row').count()).toBe(4)
    await done('decisions')
    await page.getByRole('link', { name: 'Aviation' }).first().click()
    await page.getByRole('button', { name: 'Claim' }).click()
    await page.getByText('you', { exact: true }).first().waitFor()
    await page.getByLabel('Reason code').fill('Not A Code')
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page
      .getByText(/1 to 64 lower-case letters/)
      .first()
      .waitFor()
    await page.getByLabel('Reason code').fill('')
    await page.getByLabel('Note').fill('Looked at it')
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByText('“Looked at it”').waitFor()
    expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0)
    await page.getByRole('button', { name: 'Compute again' }).click()
    await page.getByText(/The same: the stored decision follows/).waitFor()
    await done('decision')
    await page.getByRole('link', { name: 'Decisions', exact: true }).first().click()
    await expect.poll(() => page.getByRole('row').count()).toBe(3)
  })

  it('exercises-are-offered-as-practice: ours in the language of the screen, beside those of the organisation', async () => {
    const { page, done } = await screens.open('/oversight/rules')
    const list = page.getByRole('list', { name: 'Exercises' })
    await list.getByText('Answer, then look').waitFor()
    await page.getByRole('button', { name: 'Add an exercise' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add an exercise' })
    await dialog.getByLabel('Name').fill('Read the limits first')
    await dialog.getByLabel('What it is for').fill('Name what the model cannot know.')
    await dialog.getByLabel('Steps, one a line').fill('Read it.\n'.repeat(11))
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.getByText('Write 1 to 10 steps, one a line.').waitFor()
    await dialog.getByLabel('Steps, one a line').fill('Read the case.\nWrite what the model cannot know.')
    await done('add-exercise')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    const own = list.getByRole('listitem').filter({ hasText: 'Read the limits first' })
    await own.getByText('yours').waitFor()
    await own.getByText('Steps').click()
    await own.getByText(/^Practice: announced before it is answered/).waitFor()
    await done('rules-with-exercises')
    const { page: inJapanese } = await screens.open('/oversight/rules', { locale: 'ja-JP' })
    await inJapanese.getByText('答えてから見る').waitFor()
    expect(await inJapanese.getByText('Answer, then look').count()).toBe(0)
    await inJapanese.getByText('Read the limits first').waitFor()
    await own.getByRole('button', { name: 'Remove' }).click()
    await own.getByRole('button', { name: 'Remove' }).click()
    await own.waitFor({ state: 'detached' })
  })

  it('a-changed-policy-is-tried-before-it-is-saved: what would have been different, and of how many decisions', async () => {
    const { page, done } = await screens.open('/oversight/rules')
    const ask = page.getByRole('button', { name: 'Try on past decisions' })
    const told = page.getByRole('status', { name: 'What this would have done' })
    await ask.click()
    await told.getByText('Nothing would have been different (n = 5).').waitFor()
    await page.getByLabel('Look at it afterwards from').fill('0.3')
    await told.waitFor({ state: 'detached' })
    await page.getByText('Triggers, pools and stakes').click()
    const json = page.getByLabel('JSON', { exact: true })
    const rules = JSON.parse(await json.inputValue()) as object
    await json.fill(JSON.stringify({ ...rules, pools: { tower: ['bob-1'] } }, undefined, 2))
    await page.getByText('Triggers, pools and stakes').click()
    await ask.click()
    await told.getByText(/^n = 5 decisions, from/).waitFor()
    await told.getByText('2 of 5 would have been different:').waitFor()
    await told.getByRole('row', { name: 'Goes on 2 0 -2' }).waitFor()
    await told.getByRole('row', { name: 'Wait for a person 3 5 +2' }).waitFor()
    await told.getByRole('row', { name: 'tower 0 3 +3' }).waitFor()
    expect(await told.getByRole('link', { name: 'Housing' }).count()).toBe(2)
    await done('rules-preview')
    await page.getByLabel('Look at it afterwards from').fill('0.7')
    await ask.click()
    await page.getByText(/no higher/).waitFor()
    await page.getByLabel('Look at it afterwards from').fill('0.3')
    await ask.click()
    await told.getByRole('link', { name: 'Housing' }).first().click()
    await page.getByRole('heading', { name: 'Decision in Housing' }).waitFor()
    await page.getByText('Goes on').first().waitFor()
    // Nothing of it was saved.
    await page.goBack()
    expect(await page.getByLabel('Look at it afterwards from').inputValue()).toBe('0.35')
    const { page: inJapanese, done: doneInJapanese } = await screens.open('/oversight/rules', {
      locale: 'ja-JP',
    })
    await inJapanese.getByLabel('事後に確認する下限').fill('0.3')
    await inJapanese.getByRole('button', { name: '過去の判断で試す' }).click()
    await inJapanese.getByText('5 件のうち 2 件の結果が変わります：').waitFor()
    await doneInJapanese('rules-preview-ja')
  })

  it('a report of a quarter is made once, listed, and taken along as JSON, page and PDF', async () => {
    const { page, done } = await screens.open('/oversight/reports')
    await page.getByText('No report yet').waitFor()
    const clauses = page.getByRole('list', { name: 'Article 14, the last 90 days' })
    await expect.poll(() => clauses.getByRole('listitem').count()).toBe(5)
    await clauses.getByText('They step in, or stop it').waitFor()
    await page.getByLabel('To', { exact: true }).fill('2025-01-01')
    await page.getByRole('button', { name: 'Make report' }).click()
    await page
      .getByText(/must be after period_start/i)
      .first()
      .waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Make report' }).click()
    await page.getByRole('button', { name: 'Download JSON' }).waitFor()
    const [name, json] = await saved(page, 'Download JSON')
    expect(name).toMatch(/^rep_.*\.json$/)
    expect(JSON.parse(json.toString())).toMatchObject({ assessment: 'insufficient_data' })
    expect((await saved(page, 'Download PDF'))[1].subarray(0, 4).toString()).toBe('%PDF')
    expect((await saved(page, 'Download HTML'))[1].toString()).toContain('<!doctype html>')
    await done('reports')
  })

  it('an import is sent from a file, names the lines that were left out, and counts nothing twice', async () => {
    const { page, done } = await screens.open('/oversight/imports')
    await page.getByText('Nothing was imported yet').waitFor()
    const [first] = h80Bodies(Date.now(), 'past-1')
    const line = (at: number): string =>
      JSON.stringify({
        operator_id: 'past-1',
        domain: 'financial',
        session_id: `past-${at}`,
        ...first?.interaction,
      })
    const lines = [line(1), line(2), '{"operator_id":"past-1"}', line(1)]
    await page.locator('input[name=file]').setInputFiles({
      name: 'past.ndjson',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(`${lines.join('\n')}\n`),
    })
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText(/4 lines · Counted 2 · Known already 1 · Left out 1/).waitFor()
    await page.getByText('Finished').waitFor()
    expect(await page.getByRole('button', { name: 'Finish', exact: true }).count()).toBe(0)
    await page.getByRole('button', { name: 'See lines left out' }).click()
    await page.getByRole('dialog').getByText('Line 3').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await done('imports')
  })

  it('an alert is acknowledged, and then no longer among the open ones', async () => {
    const { page, done } = await screens.open('/oversight/alerts?state=open')
    await page.getByRole('button', { name: 'Acknowledge' }).first().waitFor()
    const before = await page.getByRole('button', { name: 'Acknowledge' }).count()
    await done('alerts')
    await page.getByRole('button', { name: 'Acknowledge' }).first().click()
    await expect.poll(() => page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(before - 1)
  })
})
