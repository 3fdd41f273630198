import { keyProblems } from '@gatehouse/kernel/keys'
import { webhookProblems } from '@gatehouse/kernel/webhooks'
import { GatehouseProblem } from '@gatehouse/sdk'
import { expect, it } from 'vitest'
import { toRefusal } from '../../dashboard/src/words/refusal-words.ts'
import { problemsJa } from '../../dashboard/src/words/problem-ja-words.ts'
import { problems as shared } from '../src/http/problems.ts'
import { readFileSync } from 'node:fs'
import { chainFaultsJa, tellChainFault } from '../../dashboard/src/words/chain-fault-words.ts'
import { describeModules } from '../src/openapi.ts'

const tables = [keyProblems, webhookProblems, shared, ...describeModules().map(({ problems }) => problems)]
const codes = [...new Set(tables.flatMap(Object.keys).map((code) => code.toUpperCase()))]

it('refusals-are-said-in-japanese: whatever code the server answers', () => {
  const english = codes.filter((code) => {
    const said = toRefusal(new GatehouseProblem(code, 400, 'In English'), 'ja')
    return !/[\u3040-\u30ff\u4e00-\u9fff]/.test(said)
  })
  expect(codes.length).toBeGreaterThan(80)
  expect(english).toEqual([])
  expect(Object.keys(problemsJa).filter((code) => !codes.includes(code))).toEqual([])
})

it('faults-of-a-chain-are-said-in-japanese: whatever the verifier finds wrong with an entry', () => {
  const source = ['verify-audit.mjs', 'verify-chain.ts']
    .map((file) => readFileSync(new URL(`../../kernel/src/audit/${file}`, import.meta.url), 'utf8'))
    .join('\n')
  const found = [...source.matchAll(/(?:\bfault\(|\bbecause(?: =|:)\s)\s*(['`])(.*?)\1/g)]
    .map(([, , text = '']) => text.replaceAll(/\$\{[^}]*\}/g, '{}'))
    .filter((text) => !text.startsWith('line '))
  expect(found.length).toBeGreaterThan(30)
  expect([...new Set(found)].toSorted()).toEqual(Object.keys(chainFaultsJa).toSorted())
  for (const text of found) {
    const said = tellChainFault(text.replaceAll('{}', '7'), 'ja')
    expect(said).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
    expect(said).not.toContain('{')
  }
  expect(tellChainFault('entry 7 should follow, but 9 does', 'ja')).toBe(
    '次は項目 7 のはずですが、項目 9 です',
  )
})
