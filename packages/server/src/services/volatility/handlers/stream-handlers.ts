import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { openStream } from '../contract/stream.ts'
import type { VolatilityDeps } from '../deps.ts'
import { openConnection } from '../usecases/open-stream.ts'

export function streamHandlers(deps: VolatilityDeps): HandlersOf<readonly [typeof openStream]> {
  return {
    openStream: (caller, { query }, { signal }) =>
      openConnection(deps, caller.kind === 'key' ? caller : undefined, query, signal),
  }
}
