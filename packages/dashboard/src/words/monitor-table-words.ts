import { inLanguage, type Said } from '../language.ts'

const en = {
  day: 'Last 24 hours',
  dayClean: (name: string) => `${name}: no downtime in 24 hours`,
  dayBad: (name: string, hours: string) => `${name}: downtime in ${hours} of the last 24 hours`,
  uptime: 'Uptime',
  responses: (name: string) => `Response times of ${name}`,
  tags: 'Tags',
  tagsOf: (count: string) => `Tags of ${count} monitors`,
  tagsHint: 'Separated by commas.',
  addTags: 'Add',
  removeTags: 'Take away',
  save: 'Save',
  maintenance: 'Maintenance',
  several: (count: string) => `${count} monitors`,
  paused: (count: string) => `${count} monitors are paused`,
  resumed: (count: string) => `${count} monitors are checked again`,
  deleted: (count: string) => `${count} monitors are being deleted`,
  neverUp: 'Failing since it was made: fix the address.',
  filters: { status: 'Status', type: 'Kind', tag: 'Tag', page: 'Status page' },
  any: { status: 'Any status', type: 'Any kind', tag: 'Any tag', page: 'Any status page' },
} as const

const ja: Said<typeof en> = {
  day: '直近 24 時間',
  dayClean: (name) => `${name}: 24 時間以内の停止はありません`,
  dayBad: (name, hours) => `${name}: 直近 24 時間のうち ${hours} 時間帯で停止`,
  uptime: '稼働率',
  responses: (name) => `${name} の応答時間`,
  tags: 'タグ',
  tagsOf: (count) => `${count} 件のモニターのタグ`,
  tagsHint: 'カンマで区切ります。',
  addTags: '追加',
  removeTags: '削除',
  save: '保存',
  maintenance: 'メンテナンス',
  several: (count) => `${count} 件のモニター`,
  paused: (count) => `${count} 件のモニターを一時停止しました`,
  resumed: (count) => `${count} 件のモニターのチェックを再開しました`,
  deleted: (count) => `${count} 件のモニターを削除しています`,
  neverUp: '作成時から失敗しています。アドレスを修正してください。',
  filters: { status: '状態', type: '種類', tag: 'タグ', page: 'ステータスページ' },
  any: {
    status: 'すべての状態',
    type: 'すべての種類',
    tag: 'すべてのタグ',
    page: 'すべてのステータスページ',
  },
}

export const translations = { en, ja }
export const monitorTableWords = inLanguage(translations)
