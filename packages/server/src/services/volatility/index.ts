import { bindQueue } from '@gatehouse/kernel/delivery'
import { defineService } from '../../service/define-service.ts'
import { startLoop } from '../../service/start-loop.ts'
import { calibrateAside } from './calibration/calibrate-aside.ts'
import { createComputePool } from './compute/compute-pool.ts'
import { volatilityEndpoints } from './contract/endpoints.ts'
import type { VolatilityDeps } from './deps.ts'
import { volatilityEnvelope } from './envelope.ts'
import { volatilityHandlers } from './handlers/index.ts'
import { startFeeds } from './jobs/start-feeds.ts'
import { builtInSymbols } from './domain/symbols.ts'
import { bindSubscriptionsPausedMail } from './jobs/subscriptions-paused-mail.ts'
import { createWebhookQueue } from './jobs/webhook-queue.ts'
import { volatilityPlans } from './plans.ts'
import { volatilityDefaultScopes, volatilityPolicy } from './policy.ts'
import { problems } from './problems.ts'
import { volatilitySchema } from './schema.ts'
import { eventNews } from './store/event-store.ts'
import { adoptPresets } from './usecases/adopt-presets.ts'
import { admitKeyByPlan } from './usecases/admit-key-by-plan.ts'
import { calibrateNightly } from './usecases/calibrate-nightly.ts'
import { Board } from './usecases/board.ts'
import { makeDueTables, type TablesDone } from './usecases/make-day-tables.ts'
import { makeDueRangeTables, type RangesDone } from './usecases/make-range-tables.ts'
import { type LiveDone, measureDueQuality } from './usecases/measure-live-quality.ts'
import { fitAllSubscriptions } from './usecases/fit-subscriptions.ts'
import { createHub } from './usecases/open-stream.ts'
import { createHistoryCache } from './usecases/history-cache.ts'
import { createPlanRates } from './usecases/plan-rates.ts'
import { reconcilePayments } from './usecases/reconcile-payments.ts'

/** The polling interval for other nodes' commits, in case a notification is lost. */
const boardEveryMs = 1_000
/** How often series are checked for bars that have reached a midnight. */
const tablesEveryMs = 5_000

/** How often it is checked whether a calibration was applied. */
const presetsEveryMs = 5_000

/**
 * Classifies each symbol and timeframe as low, normal or high volatility, with the time of the last change, and
 * publishes changes.
 */
export const volatility = defineService({
  name: 'volatility',
  title: 'Volatility',
  description: 'Volatility regimes of crypto markets: current state, history and change notifications',
  policy: {
    ...volatilityPolicy,
    defaultScopes: volatilityDefaultScopes,
    deviceScopes: null,
    recordsVisitors: true,
    keyInUrl: { names: volatilityPolicy.keyNamesInUrl, refusal: problems.key_in_url },
  },
  problems,
  envelope: volatilityEnvelope,
  schema: volatilitySchema,
  events: {},
  plans: volatilityPlans,
  admitKey: admitKeyByPlan,
  auditDoor: null,
  liveTopicOf: (subject) => (subject.startsWith(eventNews) ? 'regimes' : undefined),
  endpoints: volatilityEndpoints,
  build: (lent) => {
    const board = new Board({ ...lent, symbols: [...builtInSymbols, ...lent.added.symbols] })
    const histories = createHistoryCache(volatilityPolicy.historyBarsMax)
    const deps: VolatilityDeps = {
      ...lent,
      board,
      hub: createHub({ ...lent, board, histories }),
      histories,
      compute: createComputePool(volatilityPolicy.computeBudgetMs),
    }
    return {
      handlers: volatilityHandlers(deps),
      requestsPerWindowOf: createPlanRates(lent),
      jobs: [],
      mails: [bindSubscriptionsPausedMail(lent)],
      queues: [bindQueue(createWebhookQueue(lent))],
      recurring: [
        {
          name: 'volatility.fit-plans',
          cron: '* * * * *',
          run: async ({ signal }) => fitAllSubscriptions(lent, signal),
        },
        {
          name: 'volatility.reconcile-payments',
          cron: '17 * * * *',
          run: async ({ signal }) => {
            if (lent.billing.apiKey !== undefined) await reconcilePayments(lent, signal)
          },
        },
        {
          name: 'volatility.calibrate',
          cron: '20 0 * * *',
          // One thread only, so that the server stays responsive while it calibrates.
          run: async ({ signal }) =>
            calibrateNightly(deps, (input) => calibrateAside(input, { workers: 1, signal }), signal),
        },
      ],
      gauges: [
        {
          name: 'gatehouse_feed_staleness_seconds',
          help: 'For how long the market of a venue that has been silent longest has told of no closed minute',
          labels: ['venue'],
          read: () =>
            [...deps.board.listStaleness()].map(([venue, seconds]) => ({
              labels: { venue },
              value: seconds,
            })),
        },
      ],
      replyHeaders: () => (deps.board.isSimulated ? simulatedHeaders : noHeaders),
      start: async () => {
        await deps.board.refresh()
        const hub = await deps.hub.start()
        const over = new AbortController()
        const tablesDone: TablesDone = new Map()
        const rangesDone: RangesDone = new Map()
        const liveDone: LiveDone = new Map()
        const loops = [
          hub,
          deps.compute,
          startLoop(
            'volatility board',
            boardEveryMs,
            lent.log,
            () => deps.board.refresh(),
            (wake) =>
              lent.news.subscribe((subject) => {
                if (subject.startsWith('volatility.bars:')) wake()
              }),
          ),
          startLoop('volatility day tables', tablesEveryMs, lent.log, async () => {
            await makeDueTables(deps, tablesDone, over.signal)
            await makeDueRangeTables(deps, rangesDone, over.signal)
            await measureDueQuality(deps, liveDone, over.signal)
          }),
          startLoop('volatility presets', presetsEveryMs, lent.log, async () => {
            await adoptPresets(deps, over.signal)
          }),
          startLoop(
            'volatility self call',
            volatilityPolicy.publicFigures.askSelfEveryMs,
            lent.log,
            async () => {
              await lent.askSelf('/v1/status')
            },
          ),
        ]
        const feeds = await startFeeds({ ...lent, ...deps })
        return {
          stop: async () => {
            over.abort()
            await Promise.all([feeds, ...loops].map((loop) => loop.stop()))
          },
        }
      },
    }
  },
})

const simulatedHeaders = { 'x-gatehouse-feed': 'simulated' }
const noHeaders = {}
