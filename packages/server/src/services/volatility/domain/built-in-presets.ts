import type { Thresholds } from './regime-machine.ts'

/** The built-in presets, which never change (specification 5.2). */
export const builtInPresets = {
  conservative: { highEnter: 3.5, highExit: 0, lowEnter: -3, lowExit: 0.5, enterK: 5, exitK: 30 },
  balanced: { highEnter: 3, highExit: 0.5, lowEnter: -2.5, lowExit: -0.5, enterK: 2, exitK: 8 },
  aggressive: { highEnter: 2, highExit: 1.5, lowEnter: -2, lowExit: 0, enterK: 1, exitK: 3 },
} as const satisfies Readonly<Record<string, Thresholds>>

export type BuiltInPreset = keyof typeof builtInPresets
