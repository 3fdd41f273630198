import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import { version } from '../../../service/version.ts'
import { oversightEndpoints } from '../contract/endpoints.ts'
import { programName, type readFront } from '../contract/front.ts'
import type { OversightDeps } from '../deps.ts'
import { replyStart } from '../usecases/reply-start.ts'

export function frontHandlers(deps: OversightDeps): HandlersOf<readonly [typeof readFront]> {
  const startedMs = deps.clock.monotonic()
  return {
    readOversight: (_visitor, _input, context) => ({
      ...replyStart(deps, context),
      version,
      name: programName,
      uptime_seconds: Math.floor((deps.clock.monotonic() - startedMs) / 1_000),
      endpoints: oversightEndpoints.map(({ method, path }) => `${method} ${path}`),
      openapi: '/openapi/oversight.json',
      docs: '/docs',
    }),
  }
}
