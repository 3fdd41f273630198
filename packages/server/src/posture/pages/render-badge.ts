import { badgeType, colours } from '@gatehouse/kernel/design'
import { html } from '@gatehouse/kernel/endpoint'
import type { PostureView } from '../usecases/read-posture.ts'

// An image on other people's pages has no theme, so it uses the light one.
const grounds = { good: colours.ok[0], bad: colours.down[0], none: colours.unknown[0] } as const
const [labelGround, ink] = [colours.ink[0], colours['on-down'][0]]
const pixelsPerCharacter = 6.6
const label = 'security'

/** Renders the badge: `42 of 44 hold, 11 min ago`, as a flat image whose title says the same. */
export function renderBadge({ summary, claims, nowMs }: PostureView): string {
  const newestMs = Math.max(...claims.map(({ endedMs }) => endedMs ?? 0))
  const word =
    newestMs === 0
      ? 'no evidence yet'
      : `${summary.holds} of ${summary.verified} hold, ${showAge(nowMs - newestMs)} ago`
  const tone = summary.fails > 0 ? 'bad' : summary.holds === summary.verified ? 'good' : 'none'
  const left = width(label)
  const right = width(word)
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
      <rect width="${left}" height="20" fill="${labelGround}" />
      <rect x="${left}" width="${right}" height="20" fill="${grounds[tone]}" />
    </g>
    <g fill="${ink}" font-family="${badgeType.family}" font-size="${badgeType.size}" text-anchor="middle">
      <text x="${left / 2}" y="14">${label}</text>
      <text x="${left + right / 2}" y="14">${word}</text>
    </g>
  </svg>`.markup
}

function showAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`
}

function width(text: string): number {
  return Math.round(text.length * pixelsPerCharacter) + 14
}
