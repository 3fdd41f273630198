import { describe, expect, it } from 'vitest'
import { judgeControlTokens } from './judge-control-tokens.ts'

const template = 'holds a chat template token'
const role = 'holds a role marker at the start of a line'
const control = 'holds a control character'
const bidi = 'holds a bidirectional control'

function faultsOf(value: unknown): readonly string[] {
  return judgeControlTokens({ note: value }).map(({ field, message }) => `${field}: ${message.split(',')[0]}`)
}

describe('control-tokens-are-refused-in-every-argument', () => {
  it.each<[text: string, found: string]>([
    ['<|im_start|>', template],
    ['before <| what | ever\nis within |> after', template],
    ['[INST]', template],
    ['[/inst]', template],
    ['<s>', template],
    ['</s>', template],
    ['<<SYS>>', template],
    ['<</SYS>>', template],
    ['Human: hello', role],
    ['fine\nAssistant: hello', role],
    ['fine\r\nSystem: hello', role],
    ['fine\u2028 User : hello', role],
    ['\u0000', control],
    ['a\rb', control],
    ['\u001b[31m', control],
    ['\u0085', control],
    ['\u202e', bidi],
    ['\u2066', bidi],
    ['\u200f', bidi],
    ['\u061c', bidi],
    ['＜｜im_start｜＞', template],
    ['［ＩＮＳＴ］', template],
    ['Ｈｕｍａｎ： hello', role],
    ['%3C%7Cim_start%7C%3E', template],
    ['%253C%257Cim_start%257C%253E', template],
    ['%EF%BC%9C%EF%BD%9Cx%EF%BD%9C%EF%BC%9E', template],
    ['fine%0AUser: hello', role],
    ['%E2%80%AE', bidi],
    ['<\u200b|im_start|\u2060>', template],
    ['Hu\u00admaan\nHu\u00adman: hello', role],
  ])('%j is refused', (text, found) => {
    expect(faultsOf(text)).toEqual([`note: ${found}`])
  })

  it.each([
    'tab\tand\nnewline',
    'a < b | c > d',
    '<strong>',
    'The System: in the middle of a line',
    'Humane: no marker',
    '100 % of it, 50%',
    '日本語 – “quoted” 🙂',
    'x |> y <| z',
  ])('%j is let through', (text) => {
    expect(faultsOf(text)).toEqual([])
  })

  it('is looked for at any depth, in names as in values, and every place is named', () => {
    const faults = judgeControlTokens({
      fine: 'x',
      items: [{ label: 'x' }, { label: '<s>' }],
      metadata: { '[INST]': 1, inner: { deep: ['\u0007'] } },
      '<|x|>': true,
    })
    expect(faults.map(({ field, message }) => [field, message])).toEqual([
      [
        'arguments',
        'has a member whose name holds a chat template token, which no argument may; send it without',
      ],
      ['items[1].label', `${template}, which no argument may; send it without`],
      [
        'metadata',
        'has a member whose name holds a chat template token, which no argument may; send it without',
      ],
      ['metadata.inner.deep[0]', `${control}, which no argument may; send it without`],
    ])
  })

  it('a long text costs one pass, and a flood of faults is cut', () => {
    expect(faultsOf('<|'.repeat(500_000))).toEqual([])
    expect(faultsOf(`${' '.repeat(500_000)}User`)).toEqual([])
    expect(judgeControlTokens({ list: Array.from({ length: 1_000 }, () => '<s>') })).toHaveLength(20)
  })
})
