import { type BuiltInPreset, builtInPresets } from './built-in-presets.ts'
import type { TrackedPreset } from './series-tracker.ts'

/** The built-in presets, which every series has from the start. */
export const builtInTracked: readonly TrackedPreset[] =
  // Safe: these are the keys of an object literal.
  (Object.keys(builtInPresets) as BuiltInPreset[]).map((preset) => ({
    preset,
    method: 'published',
    version: 1,
    thresholds: builtInPresets[preset],
  }))

type Versioned = Pick<TrackedPreset, 'preset' | 'method' | 'version'>

/** The newest version of each preset and method; machines of older versions are not moved any more. */
export function newestVersions<One extends Versioned>(all: readonly One[]): readonly One[] {
  const newest = new Map<string, One>()
  for (const one of all) {
    const key = `${one.preset}/${one.method}`
    if ((newest.get(key)?.version ?? 0) < one.version) newest.set(key, one)
  }
  return [...newest.values()]
}
