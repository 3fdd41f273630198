import { describe, expect, it } from 'vitest'
import { decodeText } from './decode-text.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')
const page = (head: string, body: Buffer): Buffer =>
  Buffer.concat([ascii(`<html><head>${head}</head>`), body])

// 正常 in each charset.
const utf8 = bytes('e6ada3 e5b8b8')
const shiftJis = bytes('90b3 8fed')
const eucJp = bytes('c0b5 beef')
const iso2022Jp = bytes('1b2442 4035 3e6f 1b2842')
const utf16le = bytes('636b 385e')
const utf16be = bytes('6b63 5e38')
const gbk = bytes('d5fd b3a3')

describe('pages-are-read-in-their-charset:', () => {
  it.each<[promise: string, Buffer, contentType: string | undefined]>([
    ['the header decides', shiftJis, 'text/html; charset=Shift_JIS'],
    ['in quotes', shiftJis, 'text/html; charset="shift_jis"'],
    ['in single quotes and capitals, with blanks', shiftJis, "text/html ;  CHARSET = 'SJIS' "],
    ['among other parameters', eucJp, 'text/html; boundary=x; charset=euc-jp; q=1'],
    ['under another name of it', shiftJis, 'text/plain; charset=windows-31j'],
    ['for ISO-2022-JP', iso2022Jp, 'text/html; charset=ISO-2022-JP'],
    ['for GBK', gbk, 'text/html; charset=gb2312'],
    ['over what the page says', page('<meta charset="utf-8">', eucJp), 'text/html; charset=EUC-JP'],
    [
      'for UTF-16, whose mark tells the order',
      Buffer.concat([bytes('feff'), utf16be]),
      'text/html; charset=utf-16',
    ],
    ['for UTF-16 without a mark', utf16le, 'text/html; charset=UTF-16'],
    ['for UTF-16 of the other order', utf16be, 'text/html; charset=utf-16be'],
    ['a mark decides where the header is silent', Buffer.concat([bytes('fffe'), utf16le]), 'text/html'],
    ['a mark of the other order', Buffer.concat([bytes('feff'), utf16be]), undefined],
    ['a mark of UTF-8, over the page', page('', utf8), 'text/html'],
    ['a meta decides where there is neither', page('<meta charset="Shift_JIS">', shiftJis), 'text/html'],
    ['a meta without quotes', page('<META CHARSET=euc-jp>', eucJp), 'text/html'],
    [
      'a meta of the older form',
      page('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', shiftJis),
      'text/html',
    ],
    [
      'its members in another order',
      page("<meta content='text/html;charset=EUC-JP' http-equiv='content-type' />", eucJp),
      undefined,
    ],
    [
      'a meta in a comment does not',
      page('<!-- <meta charset="euc-jp"> --><meta charset="sjis">', shiftJis),
      'text/html',
    ],
    [
      'a meta about something else is none',
      page('<meta name="x" content="a charset=euc-jp">', utf8),
      'text/html',
    ],
    ['a meta of UTF-16 cannot be true', page('<meta charset="utf-16">', utf8), 'text/html'],
    [
      'a declaration of XML',
      Buffer.concat([ascii('<?xml version="1.0" encoding="EUC-JP"?>'), eucJp]),
      'application/rss+xml',
    ],
    [
      'a charset that nobody knows is none',
      page('<meta charset="sjis">', shiftJis),
      'text/html; charset=klingon',
    ],
    ['without any, it is UTF-8', utf8, 'text/html'],
    ['a plain text is not searched for tags', page('<meta charset="sjis">', utf8), 'text/plain'],
    ['nor is JSON', page('<meta charset="sjis">', utf8), 'application/json'],
    [
      'a meta beyond the first kilobyte is too late',
      page(`${' '.repeat(1_024)}<meta charset="sjis">`, utf8),
      'text/html',
    ],
  ])('%s', (_promise, body, contentType) => expect(decodeText(body, contentType)).toContain('正常'))

  it.each(['', '; charset=utf-8', '; charset=UTF8'])(
    'a byte order mark is no part of the text%s',
    (charset) => {
      expect(decodeText(bytes('efbbbf 7b7d'), `application/json${charset}`)).toBe('{}')
    },
  )

  it('nothing is the empty text, and broken bytes are not a fault', () => {
    expect(decodeText(Buffer.alloc(0), undefined)).toBe('')
    expect(decodeText(bytes('61ff62'), 'text/html; charset=')).toBe('a\ufffdb')
    expect(decodeText(bytes('fe'), 'text/html; charset=utf-16')).toBe('\ufffd')
  })
})
