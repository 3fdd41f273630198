import { inLanguage, type Said } from '../language.ts'

/** Lengths of time, with their units. */
const en = {
  milliseconds: (count: string) => `${count} ms`,
  seconds: (count: string) => `${count} s`,
  minutes: (count: string) => `${count} min`,
  hours: (count: string) => `${count} h`,
  days: (count: string) => `${count} d`,
} as const

const ja: Said<typeof en> = {
  milliseconds: (count) => `${count} ミリ秒`,
  seconds: (count) => `${count} 秒`,
  minutes: (count) => `${count} 分`,
  hours: (count) => `${count} 時間`,
  days: (count) => `${count} 日`,
}

export const translations = { en, ja }
export type SpanWords = Said<typeof en>
export const spanWords = inLanguage(translations)
