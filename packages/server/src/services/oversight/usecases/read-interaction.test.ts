import { expect, it } from 'vitest'
import { interactionBody } from '../contract/interaction-shape.ts'
import { readInteraction } from './read-interaction.ts'

const sent = {
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 4_200,
  decision: 'accepted',
  modification_extent: 0,
  scenario_type: 'standard',
}

it.each<[promise: string, metadata: object, kept: object | null, warnings: readonly string[]]>([
  [
    'what is known and fits',
    { escalated: true, routed_to_role: 'lead' },
    { escalated: true, routed_to_role: 'lead' },
    [],
  ],
  ['not what is of another type', { escalated: 'yes' }, null, ['metadata_dropped']],
  ['not what is unknown', { escalated: false, mood: 'good' }, { escalated: false }, ['metadata_dropped']],
  ['not what no database holds', { routed_to_role: 'a\0b' }, null, ['metadata_dropped']],
  ['not a name that no database holds', { 'a\0b': true }, null, ['metadata_dropped']],
])('kept-metadata-is-what-fits: %s', (_promise, metadata, kept, warnings) => {
  const body = interactionBody.parse({ ...sent, decision_metadata: metadata })
  const read = readInteraction(body, 0)
  expect(read.beside?.metadata ?? null).toEqual(kept)
  expect(read.warnings).toEqual(warnings)
})
