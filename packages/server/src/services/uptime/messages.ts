import type { MessageValues } from './domain/assess.ts'
import { lookSentences } from './monitor-types/look-faults.ts'
import { monitorTypes } from './monitor-types/monitor-types.ts'
import { ownSentences } from './monitor-types/own-faults.ts'
import type { Language, Sentence, Sentences } from './monitor-types/sentence.ts'

type None = Readonly<Record<never, never>>

const slow: Sentence<{ readonly ms: number; readonly limit: number }> = {
  en: ({ ms, limit }) => `${ms} ms, limit ${limit} ms.`,
  ja: ({ ms, limit }) => `${ms}ミリ秒 (上限 ${limit}ミリ秒)。`,
}

const monitorPaused: Sentence<None> = { en: () => 'Monitor paused', ja: () => '監視が一時停止されました' }
const targetChanged: Sentence<None> = { en: () => 'Target changed', ja: () => '監視対象が変更されました' }
const monitorDeleted: Sentence<None> = { en: () => 'Monitor deleted', ja: () => '監視が削除されました' }

/** Why an incident ended although its target did not recover. */
export const resolutionSentences = {
  monitor_paused: monitorPaused,
  target_changed: targetChanged,
  monitor_deleted: monitorDeleted,
}

/** The sentence for each code of the error taxonomy (4.6); those of a monitor type are in its file. */
export const sentences: ReadonlyMap<string, Sentence<never>> = new Map(
  [
    { slow },
    lookSentences,
    ownSentences,
    resolutionSentences,
    ...Object.values(monitorTypes).map((type) => type.sentences),
  ].flatMap((family: Sentences) => Object.entries(family)),
)

/** The sentence for a stored code; a code of a later version is shown as it is. */
export function writeMessage(code: string, values: MessageValues, language: Language): string {
  const sentence = sentences.get(code)
  if (sentence === undefined) return code
  // Safe: a code is only ever stored with its own values; `FaultOf` types whoever makes them.
  const write = sentence[language] as (values: MessageValues) => string
  return write(values)
}
