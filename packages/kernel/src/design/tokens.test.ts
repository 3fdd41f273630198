import { expect, it } from 'vitest'
import { contrast, toLuminance } from './contrast.ts'
import { toTokenCss, withTokens } from './to-css.ts'
import { colours, readPairs } from './tokens.ts'

const textLeast = 4.5
const themes = [
  ['light', 0],
  ['dark', 1],
] as const

it.each(themes)(
  'text-is-read-on-every-ground: each pair of colours is told apart 4.5 times in the %s theme',
  (_, at) => {
    const weak = readPairs.flatMap(([text, grounds]) =>
      grounds
        .map((ground) => [text, ground, contrast(colours[text][at], colours[ground][at])] as const)
        .filter(([, , ratio]) => ratio < textLeast),
    )
    expect(weak).toEqual([])
    expect(readPairs.flatMap(([, grounds]) => grounds).length).toBeGreaterThan(40)
  },
)

it('the measure of contrast is that of the guidelines', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

it.each(themes)('the three regimes are told apart by their lightness alone in the %s theme', (_, at) => {
  const [low, normal, high] = [colours.low[at], colours.normal[at], colours.high[at]]
  const order = at === 0 ? [high, normal, low] : [low, normal, high]
  const lights = order.map(toLuminance)
  expect(lights).toEqual(lights.toSorted((a, b) => a - b))
  expect(contrast(low, normal)).toBeGreaterThan(1.4)
  expect(contrast(normal, high)).toBeGreaterThan(1.4)
})

it('a theme that was chosen wins over that of the system', () => {
  const css = toTokenCss((name) => name === 'ink')
  expect(css).toContain(`:root:not([data-theme=light]){--ink:${colours.ink[1]}}`)
  expect(css).toContain(`:root[data-theme=dark]{color-scheme:dark;--ink:${colours.ink[1]}}`)
})

it('a page carries the tokens that it uses and no others, in letters that escaping leaves alone', () => {
  const css = withTokens('body{color:var(--ink);font:var(--text-14)/1 var(--font)}')
  expect(css.match(/--[\w-]+(?=:)/g)).toEqual(['--ink', '--text-14', '--font', '--ink'])
  expect(css).not.toMatch(/["'<>&]/)
})
