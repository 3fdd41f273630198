import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { presetReply, presetsReply } from './catalog.ts'
import { openToMembers, openToWriters } from './member-doors.ts'
import { previewPreset } from './preset-preview.ts'
import { givenThresholds, level, method, presetName } from './query-fields.ts'
import { optional } from './subscription-shapes.ts'

const tag = 'volatility'
const reads = { tag, access: { kind: 'key', scope: 'presets:read' } } as const
const writes = { tag, access: { kind: 'key', scope: 'presets:write' } } as const
/** A name that no preset can have is answered as an unknown one, or refused when creating. */
const byName = z.strictObject({ name: text(1, 64) })

const about = { method: optional(method), description: optional(text(0, 200)) }
const savingProblems = [
  'preset_not_found',
  'method_not_calibrated',
  'preset_name_taken',
  'plan_limit_reached',
] as const

export const listCustomPresets = defineEndpoint({
  ...reads,
  method: 'GET',
  path: '/v1/presets/custom',
  id: 'listCustomPresets',
  summary: 'List the presets of the organisation, by name',
  reply: { status: 200, schema: presetsReply },
  problems: [],
})

const upsertBody = z.strictObject({
  ...givenThresholds,
  /** The preset whose thresholds replace missing ones; the previous version's are never used. */
  base: optional(presetName),
  ...about,
})

export const upsertCustomPreset = defineEndpoint({
  ...writes,
  method: 'PUT',
  path: '/v1/presets/custom/{name}',
  id: 'upsertCustomPreset',
  summary: 'Create or replace a preset of the organisation',
  description:
    'Omitted thresholds are taken from `base` (default `balanced`), never from the previous version. Each call creates a new version; ' +
    'existing versions never change. With a `method` other than `published`, the thresholds apply to the driving variable of that method, ' +
    'and the series must be calibrated for it.',
  params: byName,
  body: upsertBody,
  example: { params: { name: 'night-shift' }, body: { high_enter: 3.25 } },
  reply: { status: 201, schema: presetReply, also: { status: 200, schema: presetReply } },
  problems: savingProblems,
})

export const deleteCustomPreset = defineEndpoint({
  ...writes,
  method: 'DELETE',
  path: '/v1/presets/custom/{name}',
  id: 'deleteCustomPreset',
  summary: 'Delete a preset of the organisation',
  params: byName,
  example: { params: { name: 'night-shift' } },
  reply: { status: 200, schema: z.strictObject({ name: z.string(), deleted: z.literal(true) }) },
  problems: ['preset_not_found', 'preset_in_use'],
})

const wholeBody = {
  high_enter: level,
  high_exit: level,
  low_enter: level,
  low_exit: level,
  enter_k: level,
  exit_k: level,
  ...about,
}
const wholeExample = { high_enter: 3, high_exit: 0.5, low_enter: -2.5, low_exit: -0.5, enter_k: 2, exit_k: 8 }

export const createPreset = defineEndpoint({
  ...writes,
  method: 'POST',
  path: '/v1/presets',
  id: 'createPreset',
  summary: 'Create a preset of the organisation under a new name',
  body: z.strictObject({ name: presetName, ...wholeBody }),
  example: { body: { name: 'night-shift', ...wholeExample } },
  reply: { status: 201, schema: presetReply },
  problems: savingProblems,
})

export const replacePreset = defineEndpoint({
  ...writes,
  method: 'PUT',
  path: '/v1/presets/{name}',
  id: 'replacePreset',
  summary: 'Create a new version of a preset of the organisation',
  params: byName,
  body: z.strictObject(wholeBody),
  example: { params: { name: 'night-shift' }, body: wholeExample },
  reply: { status: 200, schema: presetReply },
  problems: savingProblems,
})

export const deletePreset = defineEndpoint({
  ...writes,
  method: 'DELETE',
  path: '/v1/presets/{name}',
  id: 'deletePreset',
  summary: 'Delete a preset of the organisation',
  params: byName,
  example: { params: { name: 'night-shift' } },
  reply: { status: 204, schema: null },
  problems: ['preset_not_found', 'preset_in_use'],
})

export const presetEndpoints = [
  ...openToMembers(listCustomPresets, upsertCustomPreset, deleteCustomPreset),
  ...openToWriters(previewPreset),
  createPreset,
  replacePreset,
  deletePreset,
] as const
