import { badgeType, colours } from '@gatehouse/kernel/design'
import { html } from '@gatehouse/kernel/endpoint'
import type { Indicator } from './page-view.ts'

const short: Readonly<Record<Indicator, { readonly word: string; readonly color: string }>> = {
  none: { word: 'operational', color: colours.ok[0] },
  minor: { word: 'minor outage', color: colours.degraded[0] },
  degraded: { word: 'degraded', color: colours.degraded[0] },
  major: { word: 'partial outage', color: colours.down[0] },
  critical: { word: 'major outage', color: colours.down[0] },
  maintenance: { word: 'maintenance', color: colours.maintenance[0] },
  unknown: { word: 'no data', color: colours.unknown[0] },
  nothing: { word: 'nothing shown', color: colours.unknown[0] },
}

const pixelsPerCharacter = 6.6
const wideCharacter = /[^\u0000-\u00ff]/

/** Renders a flat SVG badge: the label, and the banner's short text, which is also the title. */
export function renderBadge(label: string, indicator: Indicator): string {
  const { word, color } = short[indicator]
  const left = textWidth(label) + 14
  const right = textWidth(word) + 14
  const title = `${label}: ${word}`
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${left + right}"
    height="20"
    role="img"
    aria-label="${title}"
  >
    <title>${title}</title>
    <clipPath id="r"><rect width="${left + right}" height="20" rx="4" /></clipPath>
    <g clip-path="url(#r)">
      <rect width="${left}" height="20" fill="${colours.ink[0]}" />
      <rect x="${left}" width="${right}" height="20" fill="${color}" />
    </g>
    <g
      fill="${colours.card[0]}"
      font-family="${badgeType.family}"
      font-size="${badgeType.size}"
      text-anchor="middle"
    >
      <text x="${left / 2}" y="14">${label}</text>
      <text x="${left + right / 2}" y="14">${word}</text>
    </g>
  </svg>`.markup
}

function textWidth(text: string): number {
  return Math.round(
    [...text].reduce(
      (width, character) => width + (wideCharacter.test(character) ? 11 : pixelsPerCharacter),
      0,
    ),
  )
}
