import { codecs, column } from '@gatehouse/kernel/db'
import type { DimensionName } from '../domain/parameters.ts'

const { text, whole } = codecs

/** Row types, statements and the organisation's export are derived from these columns. */
export const exerciseColumns = {
  id: column('id', text),
  title: column('title', text),
  description: column('description', text),
  dimension: column('dimension', codecs.oneOf<DimensionName>()),
  minutes: column('minutes', whole),
  steps: column('steps', codecs.texts),
  cases: column('cases', whole),
  createdAtMs: column('created_at', codecs.instant),
}
