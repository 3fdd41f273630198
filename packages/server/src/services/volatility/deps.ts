import type { ServiceDeps } from '../../service/service-deps.ts'
import type { ComputePool } from './compute/compute-pool.ts'
import type { Board } from './usecases/board.ts'
import type { StreamHub } from './usecases/stream-hub.ts'
import type { HistoryCache } from './usecases/history-cache.ts'

/** Everything that the volatility service touches outside itself. */
export type VolatilityDeps = Pick<
  ServiceDeps,
  | 'askSelf'
  | 'audit'
  | 'billing'
  | 'chargeLimit'
  | 'clock'
  | 'cursors'
  | 'db'
  | 'derivativeFeeds'
  | 'deriveKey'
  | 'egress'
  | 'log'
  | 'news'
  | 'ownKeys'
  | 'publicUrl'
  | 'randomBytes'
  | 'sealer'
> & {
  /** What is known of every series now. */
  readonly board: Board
  /** The open streams of this node. */
  readonly hub: StreamHub
  /** What series said of their bars, as far as somebody asked. */
  readonly histories: HistoryCache
  /** Threads for what takes long. */
  readonly compute: ComputePool
}

/** What computations on stored bars touch of it. */
export type ComputingDeps = Pick<
  VolatilityDeps,
  'board' | 'clock' | 'compute' | 'db' | 'histories' | 'publicUrl'
>
