import type { HttpFault } from '@gatehouse/kernel/egress'
import type { Language } from './sentence.ts'

/** Why a response is not valid HTTP. */
export const httpFaults: Readonly<Record<HttpFault, Readonly<Record<Language, string>>>> = {
  not_http: {
    en: 'it does not begin with a status line of HTTP/1',
    ja: 'HTTP/1のステータス行で始まっていません',
  },
  version: { en: 'its HTTP version is not known', ja: 'HTTPのバージョンが不明です' },
  status_line: { en: 'its status line is malformed', ja: 'ステータス行の形式が正しくありません' },
  header: { en: 'a header line is malformed', ja: 'ヘッダー行の形式が正しくありません' },
  content_length: { en: 'its Content-Length is not a length', ja: 'Content-Lengthの値が正しくありません' },
  length_conflict: {
    en: 'it gives its length twice (Content-Length, Transfer-Encoding)',
    ja: '長さの指定が重複しています (Content-Length、Transfer-Encoding)',
  },
  chunk: { en: 'a chunk of its body is malformed', ja: 'チャンクの形式が正しくありません' },
  truncated_head: { en: 'it ended in the middle of its headers', ja: 'ヘッダーの途中で終了しました' },
  truncated_body: {
    en: 'its body ended before the length that it gave',
    ja: '本文が指定された長さより前に終了しました',
  },
  extra_data: { en: 'it goes on beyond the length that it gave', ja: '指定された長さを超えて続いています' },
  upgrade: {
    en: 'it changes to another protocol, which nobody asked for',
    ja: '要求していないプロトコルへの切り替えです',
  },
  interim_answers: {
    en: 'more interim answers (1xx) than any server needs come before it',
    ja: '中間応答 (1xx) が多すぎます',
  },
  coding_unknown: { en: 'its content coding is not known', ja: 'コンテンツ符号化方式が不明です' },
  coding_broken: { en: 'its compressed body is damaged', ja: '圧縮された本文が壊れています' },
  codings_too_many: {
    en: 'its body is compressed more than four times',
    ja: '本文が5回以上圧縮されています',
  },
  other: { en: 'it breaks a rule of HTTP/1', ja: 'HTTP/1の規則に反しています' },
}
