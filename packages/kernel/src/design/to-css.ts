import { type Colour, colours, measures } from './tokens.ts'

const names = Object.keys(colours).filter(isColour)

/**
 * The tokens as custom properties. The theme is the system's, unless `data-theme` on the root says `light` or `dark`;
 * `only` leaves out the colours that a page does not use.
 */
export function toTokenCss(only: readonly Colour[] = names): string {
  const shades = (dark: 0 | 1): string => only.map((name) => `--${name}:${colours[name][dark]}`).join(';')
  const others = Object.entries(measures).map(([name, value]) => `--${name}:${value}`)
  return [
    `:root{color-scheme:light dark;${shades(0)};${others.join(';')}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme='light']){${shades(1)}}}`,
    `:root[data-theme='light']{color-scheme:light}`,
    `:root[data-theme='dark']{color-scheme:dark;${shades(1)}}`,
  ].join('\n')
}

/** Of Inter and JetBrains Mono (both under the SIL Open Font License 1.1), what Latin text needs. */
export const fontFiles = {
  inter: '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  mono: '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
} as const

/** The fonts, fetched from where `urlOf` says that each file is. */
export function toFontCss(urlOf: (file: keyof typeof fontFiles) => string): string {
  const face = (family: string, file: keyof typeof fontFiles, weights: string): string =>
    `@font-face{font-family:'${family}';src:url('${urlOf(file)}') format('woff2');font-weight:${weights};font-display:swap}`
  return [face('Inter', 'inter', '100 900'), face('JetBrains Mono', 'mono', '100 800')].join('\n')
}

function isColour(name: string): name is Colour {
  return name in colours
}
