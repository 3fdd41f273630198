import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Are these targets yours to monitor?',
  confirm: 'Confirm for the organisation',
  ownerIsAsked: 'An owner of the organisation has not confirmed this yet. Monitors run meanwhile.',
} as const

const ja: Said<typeof en> = {
  title: '監視対象に対する権限の確認',
  confirm: '組織として確認する',
  ownerIsAsked: '組織のオーナーがまだ確認していません。確認前でも監視は行われます。',
}

export const translations = { en, ja }
export const targetWords = inLanguage(translations)
