import { type Colour, colours, measures } from './tokens.ts'

/**
 * The tokens as CSS custom properties. The theme is the system's, unless `data-theme` on the root says `light` or
 * `dark`; `isUsed` leaves out tokens that a page does not use.
 */
export function toTokenCss(isUsed: (name: string) => boolean = () => true): string {
  const names = Object.keys(colours).filter(isColour).filter(isUsed)
  const shades = (dark: 0 | 1): string => names.map((name) => `--${name}:${colours[name][dark]}`).join(';')
  const others = Object.entries(measures)
    .filter(([name]) => isUsed(name))
    .map(([name, value]) => `--${name}:${value}`)
  return [
    `:root{${['color-scheme:light dark', shades(0), ...others].filter((part) => part !== '').join(';')}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${shades(1)}}}`,
    ':root[data-theme=light]{color-scheme:light}',
    `:root[data-theme=dark]{color-scheme:dark;${shades(1)}}`,
  ].join('\n')
}

/** A stylesheet for a page without a choice of theme, preceded by the tokens that it uses. */
export function withTokens(css: string): string {
  const used = new Set([...css.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name))
  const [light = '', dark = ''] = toTokenCss((name) => used.has(name)).split('\n')
  // Prints use the light theme.
  const onScreen = dark.replace('@media (', '@media screen and (').replace(':not([data-theme=light])', '')
  return `${light}\n${onScreen}\n${css.trim()}`
}

/** The files for Latin text of Inter and JetBrains Mono (both under the SIL Open Font License 1.1). */
export const fontFiles = {
  inter: '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  mono: '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
} as const

/** The `@font-face` rules of the fonts; `urlOf` returns the URL of each file. */
export function toFontCss(urlOf: (file: keyof typeof fontFiles) => string): string {
  const face = (family: string, file: keyof typeof fontFiles, weights: string): string =>
    `@font-face{font-family:'${family}';src:url('${urlOf(file)}') format('woff2');font-weight:${weights};font-display:swap}`
  return [face('Inter', 'inter', '100 900'), face('JetBrains Mono', 'mono', '100 800')].join('\n')
}

function isColour(name: string): name is Colour {
  return name in colours
}
