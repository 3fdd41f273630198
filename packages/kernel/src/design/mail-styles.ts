import { colours, measures, spaces, textSizes } from './tokens.ts'

const [, , small, text, , title] = textSizes
const [, narrow, near, middle, wide] = spaces

/** Inline styles for mails, whose clients support neither custom properties nor stylesheets; light theme only. */
export const mailStyles = {
  // A line is no longer than can be read, and no address is wider than a phone.
  body: `margin:0 auto;padding:${wide}px;max-width:${measures['width-settings']};overflow-wrap:anywhere;word-break:break-word;font-family:${measures.font};font-size:${text}px;line-height:${measures['line-body']};color:${colours.ink[0]}`,
  title: `font-size:${title}px;line-height:${measures['line-title']};font-weight:${measures['weight-title']}`,
  enclosed: 'white-space:pre-wrap',
  fact: `margin:${near}px 0`,
  soft: `font-size:${small}px;color:${colours.soft[0]}`,
  button: `display:inline-block;padding:${middle}px ${wide}px;border-radius:${near}px;background:${colours.accent[0]};color:${colours['on-accent'][0]};font-weight:${measures['weight-title']};text-decoration:none`,
  state: {
    ok: toState('ok'),
    degraded: toState('degraded'),
    down: toState('down'),
    maintenance: toState('maintenance'),
    unknown: toState('unknown'),
  },
} as const

function toState(state: 'ok' | 'degraded' | 'down' | 'maintenance' | 'unknown'): string {
  const [colour] = colours[state]
  const [tint] = colours[`${state}-tint`]
  return `margin:0;padding:${near}px ${wide}px;border-left:${narrow}px solid ${colour};background:${tint};color:${colour};font-weight:${measures['weight-title']}`
}
