import { wholeNumber } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { uptimePolicy as policy } from '../policy.ts'
import { noSecrets } from './config-fields.ts'
import { defineToldType } from './define-monitor-type.ts'
import { type Sentence, toTimeText } from './sentence.ts'

const { heartbeatGraceSeconds: grace, heartbeatPeriodSeconds: period } = policy

const missed: Sentence<{ readonly lastMs: number; readonly dueMs: number }> = {
  en: ({ lastMs, dueMs }) => `No ping since ${toTimeText(lastMs)}; it was due by ${toTimeText(dueMs)}.`,
  ja: ({ lastMs, dueMs }) => `${toTimeText(lastMs)} 以降pingがありません (期限 ${toTimeText(dueMs)})。`,
}

const failed: Sentence<{ readonly exit?: number }> = {
  en: ({ exit }) => `The job reported failure${exit === undefined ? '' : ` (exit ${exit})`}.`,
  ja: ({ exit }) => `ジョブが失敗を報告しました${exit === undefined ? '' : ` (終了コード ${exit})`}。`,
}

/** Up while a job pings before its deadline; `domain/heartbeat.ts` has the rules (specification 4.5). */
export const heartbeat = defineToldType({
  title: 'Heartbeat',
  config: z.strictObject({
    graceSeconds: wholeNumber(grace.min, grace.max).default(grace.default),
    /** The interval at which the job runs; if absent, only the grace period counts, from ping to ping. */
    periodSeconds: wholeNumber(period.min, period.max).optional(),
    /** A started run that takes longer is late. */
    maxRunSeconds: wholeNumber(1, period.max).optional(),
  }),
  example: { graceSeconds: 300, periodSeconds: 86_400 },
  secrets: noSecrets,
  sentences: { heartbeat_missed: missed, heartbeat_failed: failed },
})
