import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type ComposedServer, composeServer } from '../fixtures/compose-server.ts'
import { eventually } from '../fixtures/eventually.ts'
import { proveAnew, setUpOwner } from '../fixtures/people.ts'
import { startScreenServer } from './screen-server.ts'
import { openVisitor } from './visit-screen.ts'

const size = { width: 1_280, height: 800 }
/** Of the sixty-odd claims those with a probe are tried one after the other. */
const runMsMax = 900_000

/** One picture of each service and one of the security page, as the README shows them. */
export async function takePictures(browser: Browser, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { server, stop } = await startScreenServer('many', 'simulated')
  try {
    await eventually('each market is known', () => isBoardFull(server), runMsMax, 5_000)
    const visitor = await openVisitor(browser, server, 'en')
    const { page } = visitor
    await page.setViewportSize(size)
    for (const [name, path] of [
      ['uptime', '/uptime/monitors'],
      ['oversight', '/oversight/organisation'],
      ['volatility', '/volatility/board'],
    ] as const) {
      await visitor.visit(path)
      await page.screenshot({ path: join(folder, `${name}.png`) })
    }
  } finally {
    await stop()
  }
  await takeSecurityPage(browser, folder)
}

/** Of a server as it ships: on one that was filled with samples, past limits and past the walls between organisations, claims fail. */
async function takeSecurityPage(browser: Browser, folder: string): Promise<void> {
  const server = await composeServer({ GATEHOUSE_ADMINS: 'ann@example.com' })
  try {
    const owner = await setUpOwner(server.client, server.ownerToken)
    const { run } = await server.client.ask<{ run: { id: string } }>('/admin/posture/runs', {
      credential: owner.accessToken,
      headers: await proveAnew(server.client, owner),
      body: {},
    })
    const isOver = async (): Promise<true | undefined> => {
      const { run: now } = await server.client.ask<{ run: { endedAt: string | null } }>(
        `/admin/posture/runs/${run.id}`,
        { credential: owner.accessToken, headers: await proveAnew(server.client, owner) },
      )
      return now.endedAt === null ? undefined : true
    }
    await eventually('each claim was tried', isOver, runMsMax, 20_000)
    const page = await browser.newPage({ viewport: size })
    await page.goto(`${server.origin}/security?lang=en`)
    await page.screenshot({ path: join(folder, 'security.png') })
  } finally {
    await server.stop()
  }
}

async function isBoardFull({ client }: ComposedServer): Promise<true | undefined> {
  for (const timeframe of ['1d', '1m']) {
    const { regimes } = await client.ask<{ regimes: readonly { regime: string | null }[] }>(
      `/v1/regimes?timeframe=${timeframe}`,
    )
    if (regimes.length === 0 || regimes.some(({ regime }) => regime === null)) return undefined
  }
  return true
}
