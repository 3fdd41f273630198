import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Go to or do',
  placeholder: 'A page, a monitor or an action',
  none: 'Nothing of that name',
  kinds: { place: 'Page', monitor: 'Monitor', act: 'Action' },
  theme: (theme: string) => `Theme: ${theme}`,
  shortcuts: 'Keyboard shortcuts',
  keys: {
    palette: 'Go to or do',
    search: 'Search this page',
    goTo: (name: string) => `Go to ${name}`,
    help: 'Show these shortcuts',
    move: 'Next and previous row',
    select: 'Select a row; with Shift all in between',
    open: 'Open the row',
    leave: 'Close, cancel, clear the selection',
  },
} as const

const ja: Said<typeof en> = {
  title: '移動と操作',
  placeholder: 'ページ、モニター、操作の名前',
  none: '一致するものがありません',
  kinds: { place: 'ページ', monitor: 'モニター', act: '操作' },
  theme: (theme) => `テーマ：${theme}`,
  shortcuts: 'キーボードショートカット',
  keys: {
    palette: '移動と操作を開く',
    search: 'このページを検索',
    goTo: (name) => `${name}へ移動`,
    help: 'この一覧を表示',
    move: '次の行、前の行',
    select: '行を選択。Shift で間の行も選択',
    open: '行を開く',
    leave: '閉じる、取り消す、選択を解除',
  },
}

export const translations = { en, ja }
export const paletteWords = inLanguage(translations)
