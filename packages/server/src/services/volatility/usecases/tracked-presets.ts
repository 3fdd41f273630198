import { type BuiltInPreset, builtInPresets } from '../domain/built-in-presets.ts'
import type { TrackedPreset } from '../domain/series-tracker.ts'

const builtIn: readonly TrackedPreset[] =
  // Safe: these are the keys of an object literal.
  (Object.keys(builtInPresets) as BuiltInPreset[]).map((preset) => ({
    preset,
    method: 'published',
    version: 1,
    thresholds: builtInPresets[preset],
  }))

/** The presets of nobody's whose machines follow every series of a symbol. */
export function presetsOf(_symbol: string): readonly TrackedPreset[] {
  return builtIn
}
