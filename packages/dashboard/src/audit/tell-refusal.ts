import { refusedCallWords as says } from '../words/refused-call-words.ts'

export const refusalTexts: Readonly<Record<string, string>> = says.reasons

/** Why something was refused, in words; undefined for a reason that this version does not know. */
export function tellRefusal(reason: string): string | undefined {
  if (Object.hasOwn(refusalTexts, reason)) return refusalTexts[reason]
  const [code = '', ...detail] = reason.split(': ')
  const text = Object.hasOwn(refusalTexts, code) ? refusalTexts[code] : undefined
  return text === undefined ? undefined : says.more(text, detail.join(': '))
}
