import { colours, measures, spaces, textSizes } from './tokens.ts'

const [, , small, text, , title] = textSizes
const [, , near] = spaces

/** Inline styles for mails, whose clients support neither custom properties nor stylesheets; light theme only. */
export const mailStyles = {
  body: `font-family:${measures.font};font-size:${text}px;line-height:${measures['line-body']};color:${colours.ink[0]}`,
  title: `font-size:${title}px;line-height:${measures['line-title']};font-weight:${measures['weight-title']}`,
  fact: `margin:${near}px 0`,
  soft: `font-size:${small}px;color:${colours.soft[0]}`,
  link: `color:${colours.accent[0]}`,
} as const
