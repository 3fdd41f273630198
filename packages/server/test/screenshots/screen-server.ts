import type { ComposedServer } from '../fixtures/compose-server.ts'
import { composeServer } from '../fixtures/compose-server.ts'
import { type Listener, listenHttp } from '../fixtures/sinks.ts'
import { furnishScreens, type Paths } from './furnish-screens.ts'
import type { ScreenState } from './sample-kinds.ts'

export type ScreenServer = {
  readonly server: ComposedServer
  readonly paths: Paths
  readonly stop: () => Promise<void>
}

/** A whole server with what the screens of this state show, and targets of its own that it may watch. */
export async function startScreenServer(
  state: ScreenState,
  feeds: 'off' | 'simulated' = 'off',
): Promise<ScreenServer> {
  // What breaks was well before: else it never was up, and has no incident.
  const seen = new Set<string>()
  const target: Listener = await listenHttp((request, response) => {
    const { url = '' } = request
    const isBroken = url.startsWith('/broken') && seen.has(url)
    seen.add(url)
    request.resume()
    request.on('end', () => response.writeHead(isBroken ? 500 : 200).end())
  })
  const server = await composeServer({
    GATEHOUSE_ADMINS: 'ann@example.com',
    GATEHOUSE_FEEDS: feeds,
    GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${target.port}`,
  })
  const stop = async (): Promise<void> => {
    await server.stop()
    await target.stop()
  }
  try {
    return { server, paths: await furnishScreens(server, state, target.port, feeds), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
