/** A colour in the light and in the dark theme. */
export type Shade = readonly [light: string, dark: string]

/**
 * Twelve greys, from the background to the text: 1–5 are backgrounds of text, 6–8 lines, 9–10 decoration, 11 and 12
 * text.
 */
const neutral = {
  'gray-1': ['#fcfcfd', '#0d0e11'],
  'gray-2': ['#f7f8fa', '#111317'],
  'gray-3': ['#eff1f4', '#1e2127'],
  'gray-4': ['#e6e9ee', '#262a31'],
  'gray-5': ['#dfe3e9', '#2a2e36'],
  'gray-6': ['#d8dce3', '#30353e'],
  'gray-7': ['#c9ced7', '#3d434e'],
  'gray-8': ['#adb4c0', '#525a68'],
  'gray-9': ['#858d9b', '#6f7887'],
  'gray-10': ['#717988', '#858e9c'],
  'gray-11': ['#5c6370', '#a3aab7'],
  'gray-12': ['#16181d', '#eceef2'],
} as const satisfies Record<string, Shade>

export const colours = {
  ...neutral,
  page: neutral['gray-1'],
  side: neutral['gray-2'],
  card: ['#ffffff', '#16181d'],
  hover: neutral['gray-3'],
  press: neutral['gray-4'],
  line: neutral['gray-5'],
  'line-strong': neutral['gray-7'],
  ink: neutral['gray-12'],
  soft: neutral['gray-11'],
  // For interactive elements and the focus only.
  accent: ['#4f46e5', '#a5a0ff'],
  'accent-hover': ['#4338ca', '#bab6ff'],
  'accent-tint': ['#eeedfd', '#211f45'],
  'on-accent': ['#ffffff', '#0d0e11'],
  ok: ['#0f7a43', '#4ccb87'],
  'ok-tint': ['#e6f4ec', '#10291c'],
  degraded: ['#9a5b00', '#f0b34f'],
  'degraded-tint': ['#fcf1df', '#2e2110'],
  down: ['#c02626', '#ff8080'],
  'down-tint': ['#fdebeb', '#351718'],
  'on-down': ['#ffffff', '#0d0e11'],
  maintenance: ['#2f62c9', '#85abf8'],
  'maintenance-tint': ['#e9effc', '#15223d'],
  unknown: ['#5c6370', '#a3aab7'],
  'unknown-tint': neutral['gray-3'],
  // The three differ in lightness, in this order, so that they can be told apart without colour; `-ink` is the text on
  // them.
  low: ['#67c1d6', '#1f6478'],
  'low-tint': ['#e0f2f7', '#0f2a33'],
  'low-ink': ['#0e7490', '#5fb8cf'],
  normal: ['#5b6cc9', '#5b6cc9'],
  'normal-tint': ['#e8eafa', '#1b2044'],
  'normal-ink': ['#4753a8', '#9aa6f5'],
  high: ['#86198f', '#f0a3f4'],
  'high-tint': ['#f7e6f8', '#35153a'],
  'high-ink': ['#86198f', '#ee9df2'],
  // Lines of a chart that stand for no state.
  'series-1': ['#4f46e5', '#a5a0ff'],
  'series-2': ['#0e7490', '#5fb8cf'],
  'series-3': ['#b45309', '#f0b34f'],
  'series-4': ['#86198f', '#ee9df2'],
  'series-5': ['#5c6370', '#a3aab7'],
  'series-6': ['#1f2937', '#eceef2'],
  backdrop: ['#16181d73', '#000000a6'],
  shadow: ['#16181d29', '#00000099'],
  // A code for cameras has to be dark on light in the dark theme as well.
  'code-light': ['#ffffff', '#ffffff'],
  'code-dark': ['#000000', '#000000'],
} as const satisfies Record<string, Shade>

export type Colour = keyof typeof colours

// Without quotes, so that a style attribute works in a page whose text is escaped.
const ofText = 'Inter, Hiragino Sans, Yu Gothic UI, Noto Sans JP, system-ui, sans-serif'
const ofCode = 'JetBrains Mono, ui-monospace, SFMono-Regular, Menlo, monospace'

/** Sizes in pixels, written in rem, so that they follow the text size that a reader has set. */
export const textSizes = [12, 13, 14, 16, 20, 28] as const
export const spaces = [2, 4, 8, 12, 16, 24, 32, 48] as const

/** Tokens that have one value in both themes. */
export const measures = {
  ...named('text', textSizes),
  ...named('space', spaces),
  font: ofText,
  mono: ofCode,
  'line-body': '1.4286',
  'line-table': '1.3846',
  'line-title': '1.4',
  'weight-text': '400',
  'weight-label': '500',
  'weight-title': '600',
  'radius-control': '0.375rem',
  'radius-card': '0.5rem',
  'radius-round': '999px',
  control: '2rem',
  'control-touch': '2.5rem',
  'phone-bar': '3.5rem',
  'width-content': '80rem',
  'width-settings': '45rem',
  motion: '120ms',
} as const

function named(kind: string, pixels: readonly number[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pixels.map((pixel) => [`${kind}-${pixel}`, `${pixel / 16}rem`]))
}

/** Text colours, each with the backgrounds on which it is used. */
export const readPairs: readonly (readonly [text: Colour, grounds: readonly Colour[]])[] = [
  ['ink', ['page', 'side', 'card', 'hover', 'press', 'accent-tint', 'unknown-tint']],
  ['soft', ['page', 'side', 'card', 'hover', 'press', 'unknown-tint']],
  ['accent', ['page', 'side', 'card', 'hover', 'press', 'accent-tint']],
  ['accent-hover', ['page', 'side', 'card', 'hover', 'accent-tint']],
  ['on-accent', ['accent', 'accent-hover']],
  ['on-down', ['down']],
  ['ok', ['page', 'side', 'card', 'hover', 'ok-tint']],
  ['degraded', ['page', 'side', 'card', 'hover', 'degraded-tint']],
  ['down', ['page', 'side', 'card', 'hover', 'down-tint']],
  ['maintenance', ['page', 'side', 'card', 'hover', 'maintenance-tint']],
  ['unknown', ['page', 'side', 'card', 'hover', 'unknown-tint']],
  ['low-ink', ['page', 'card', 'hover', 'low-tint']],
  ['normal-ink', ['page', 'card', 'hover', 'normal-tint']],
  ['high-ink', ['page', 'card', 'hover', 'high-tint']],
]

/** A badge is an image: its text has to be as wide as was computed, so it uses a font that every system has. */
export const badgeType = { family: 'Verdana,DejaVu Sans,sans-serif', size: 11 } as const
