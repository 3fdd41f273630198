import { keyProblems } from '@gatehouse/kernel/keys'
import { webhookProblems } from '@gatehouse/kernel/webhooks'
import { GatehouseProblem } from '@gatehouse/sdk'
import { expect, it } from 'vitest'
import { toRefusal } from '../../dashboard/src/words/refusal-words.ts'
import { problemsJa } from '../../dashboard/src/words/problem-ja-words.ts'
import { problems as shared } from '../src/http/problems.ts'
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
