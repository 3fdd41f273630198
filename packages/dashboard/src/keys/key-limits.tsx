import type { ApiKey } from '@gatehouse/sdk'
import { Lines, toLines } from '../controls.tsx'
import { Field } from '../parts/field.tsx'
import { toText } from '../to-text.ts'
import { keyWords } from '../words/key-words.ts'

type Limits = Pick<ApiKey, 'ipAllow' | 'rateLimit'>

/** The IP addresses and the rate limit of a key. */
export function KeyLimits({ ipAllow = [], rateLimit = null }: Partial<Limits>) {
  return (
    <>
      <Lines label={keyWords.ipAllow} name="ipAllow" values={ipAllow} hint={keyWords.ipHint} />
      <Field
        label={keyWords.rateLimit}
        name="rateLimit"
        inputMode="numeric"
        value={rateLimit === null ? '' : String(rateLimit)}
        hint={keyWords.rateHint}
        isOptional
      />
    </>
  )
}

/** NaN is refused by the server with the field's name. */
export function readLimits(fields: FormData): Limits {
  const rate = toText(fields, 'rateLimit').trim()
  return { ipAllow: toLines(toText(fields, 'ipAllow')), rateLimit: rate === '' ? null : Number(rate) }
}
