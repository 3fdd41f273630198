import { expect, it } from 'vitest'
import { html } from './html.ts'

it.each([
  [
    'in text',
    html`<p>${'<script>alert(1)</script>'}</p>`.markup,
    '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>',
  ],
  ['in an attribute', html`<a title="${'" onclick="x'}">`.markup, '<a title="&quot; onclick=&quot;x">'],
  ['in a list', html`${['<', html`<b>${'&'}</b>`]}`.markup, '&lt;<b>&amp;</b>'],
  ['not twice', html`${html`${"'"}`}`.markup, '&#39;'],
])('a hostile value is inert %s', (_where, given, expected) => {
  expect(given).toBe(expected)
})

it('an object that only looks like markup cannot be passed', () => {
  // @ts-expect-error Markup is made by `html` alone.
  expect(() => html`${{ markup: '<script>' }}`).not.toThrow()
})

it('nothing is shown for what is absent', () => {
  expect(html`[${undefined}${null}${false}]`.markup).toBe('[]')
})
