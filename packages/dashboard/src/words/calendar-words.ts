import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Calendar',
  text: (zone: string) =>
    `Days by the clocks of ${zone}. Arrow keys go from day to day, Page Up and Page Down from month to month.`,
  before: 'Month before',
  after: 'Month after',
  today: 'Today',
  nothing: 'No maintenance on this day.',
  day: (day: string, count: number) => (count === 0 ? day : `${day}: ${count} of maintenance`),
  recurs: 'recurs',
  more: (count: number) => `+${count}`,
}

const ja: Said<typeof en> = {
  title: 'カレンダー',
  text: (zone) => `${zone} の日付です。矢印キーで日を、Page Up と Page Down で月を移動できます。`,
  before: '前の月',
  after: '次の月',
  today: '今日',
  nothing: 'この日のメンテナンスはありません。',
  day: (day, count) => (count === 0 ? day : `${day}: メンテナンス ${count} 件`),
  recurs: '繰り返し',
  more: (count) => `+${count}`,
}

export const translations = { en, ja }
export const calendarWords = inLanguage(translations)
