import { type HandlersOf, Otherwise } from '@gatehouse/kernel/endpoint'
import type { presetEndpoints } from '../contract/presets.ts'
import type { ComputingDeps, VolatilityDeps } from '../deps.ts'
import { volatilityPolicy } from '../policy.ts'
import { previewPreset } from '../usecases/preview-preset.ts'
import { deletePreset, readOwnPresets, savePreset } from '../usecases/own-presets.ts'

/** Handlers for the organisation's own presets, at the public client's paths and at ours. */
export function presetHandlers(deps: VolatilityDeps & ComputingDeps): HandlersOf<typeof presetEndpoints> {
  return {
    listCustomPresets: async (caller) => ({
      default: volatilityPolicy.defaultPreset,
      presets: [...(await readOwnPresets(deps, caller))],
    }),
    upsertCustomPreset: async (caller, { params: { name }, body }) => {
      const { preset, isNew } = await savePreset(deps, caller, { ...body, name }, 'either')
      return isNew ? preset : new Otherwise(preset)
    },
    deleteCustomPreset: async (caller, { params: { name } }) => {
      await deletePreset(deps, caller, name)
      return { name, deleted: true }
    },
    previewPreset: (caller, { body }) => previewPreset(deps, caller, body),
    createPreset: async (caller, { body }) => (await savePreset(deps, caller, body, 'create')).preset,
    replacePreset: async (caller, { params: { name }, body }) =>
      (await savePreset(deps, caller, { ...body, name }, 'replace')).preset,
    deletePreset: async (caller, { params: { name } }) => {
      await deletePreset(deps, caller, name)
      return undefined
    },
  }
}
