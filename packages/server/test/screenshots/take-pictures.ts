import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { ComposedServer } from '../fixtures/compose-server.ts'
import { eventually } from '../fixtures/eventually.ts'
import { password, proveAnew, type SignedIn } from '../fixtures/people.ts'
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
    const owner = await server.client.ask<SignedIn>('/auth/login', {
      body: { email: 'ann@example.com', password },
    })
    const { run } = await server.client.ask<{ run: { id: string } }>('/admin/posture/runs', {
      credential: owner.accessToken,
      headers: await proveAnew(server.client, owner),
      body: {},
    })
    const isOver = async (): Promise<true | undefined> => {
      server.passMinute()
      const { run: now } = await server.client.ask<{ run: { endedAt: string | null } }>(
        `/admin/posture/runs/${run.id}`,
        { credential: owner.accessToken, headers: await proveAnew(server.client, owner) },
      )
      return now.endedAt === null ? undefined : true
    }
    await eventually('each claim was tried', isOver, runMsMax, 5_000)
    await page.goto(`${server.origin}/security?lang=en`)
    await page.screenshot({ path: join(folder, 'security.png') })
  } finally {
    await stop()
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
