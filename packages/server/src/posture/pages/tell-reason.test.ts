import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'
import { expect, it } from 'vitest'
import { tellReason } from './tell-reason.ts'

const posture = join(import.meta.dirname, '..')

/** Every sentence that is written in the code as a reason, with `{}` for what is put into it. */
function listReasons(): readonly string[] {
  const found = new Set<string>()
  for (const file of readdirSync(posture, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.ts') && !file.endsWith('.test.ts'))
      collect(parseSync(readFileSync(join(posture, file), 'utf8'), { syntax: 'typescript' }), found)
  return [...found]
}

type Node = Readonly<Record<string, unknown>>

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

function collect(value: unknown, found: Set<string>): void {
  if (!isNode(value)) return
  const { type, callee, arguments: given } = value
  const name = isNode(callee) ? callee['value'] : undefined
  const isReason =
    (type === 'CallExpression' && (name === 'fails' || name === 'unknown')) ||
    (type === 'NewExpression' && name === 'UnseenError')
  if (isReason && Array.isArray(given) && isNode(given[0])) note(given[0]['expression'], found)
  for (const part of Object.values(value)) collect(part, found)
}

function note(expression: unknown, found: Set<string>): void {
  if (!isNode(expression)) return
  const { type, value, quasis, consequent, alternate } = expression
  if (type === 'StringLiteral') found.add(String(value))
  if (type === 'TemplateLiteral' && Array.isArray(quasis))
    found.add(quasis.map((part: unknown) => (isNode(part) ? String(part['cooked']) : '')).join('{}'))
  if (type === 'ConditionalExpression') for (const branch of [consequent, alternate]) note(branch, found)
}

it('every-reason-is-told-in-japanese: whatever a probe says of a failure has its words on the Japanese page', () => {
  const reasons = listReasons()
  expect(reasons.length).toBeGreaterThan(150)
  const untold = reasons.filter((reason) => tellReason(reason.replaceAll('{}', '7'), 'ja').language !== 'ja')
  expect(untold).toEqual([])
})

it('what was seen stands in the sentence, and a reason within a reason is told too', () => {
  expect(tellReason('An ended key still opened the API after 1,204 ms', 'ja').text).toBe(
    '無効になったキーで、1,204ミリ秒後もAPIが開きました',
  )
  expect(
    tellReason('The probe could not run: POST /auth/login answered 429, so nothing can be said', 'ja').text,
  ).toBe('プローブを実行できませんでした：POST /auth/login の応答が429だったため、判定できません')
  expect(tellReason('61 calls within 60 s were all let in', 'en')).toEqual({
    text: '61 calls within 60 s were all let in',
    language: 'en',
  })
})

it('a sentence that nobody has translated stays as it is, and says in which language', () => {
  expect(tellReason('It rains', 'ja')).toEqual({ text: 'It rains', language: 'en' })
})
