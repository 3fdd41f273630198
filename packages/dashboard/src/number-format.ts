import { language } from './language.ts'

const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
const whole = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 })
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
const signed = new Intl.NumberFormat(language, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
const change = new Intl.NumberFormat(language, {
  style: 'percent',
  maximumFractionDigits: 2,
  signDisplay: 'exceptZero',
})
const price = new Intl.NumberFormat(language, { maximumSignificantDigits: 7 })

const uptime = new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: 2 })

/** One way to write shares: `79.4%`, as in the pages and mails of the server. */
export const toPercent = (share: number): string => percent.format(share)
export const toWholePercent = (share: number): string => whole.format(share)
/** Rounded down as on status pages: 99.999% is not shown as 100%. */
export function toUptime(share: number | null | undefined): string {
  if (share === null || share === undefined) return '—'
  return share === 1 ? whole.format(1) : uptime.format(Math.floor(share * 10_000) / 10_000)
}
export const toNumber = (value: number): string => number.format(value)
export const toSigned = (difference: number): string => signed.format(difference)
/** Formats a share in percentage points, with a sign. */
export const toSignedPoints = (share: number): string => signed.format(share * 100)
export const toChange = (share: number): string => change.format(share)
export const toPrice = (value: number): string => price.format(value)
