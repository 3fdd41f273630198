import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { seedSentences } from '../src/posture/seed-sentences.ts'

/** The intro of the page. */
const beside = ['M01']

it('every-seed-sentence-is-covered: each sentence of the three first pages is claimed, or stated', () => {
  expect(Object.keys(seedSentences)).toHaveLength(44 + 37 + 35)
  const covered = new Set(claims.flatMap(({ sources }) => sources.map(({ row }) => row)))
  expect(Object.keys(seedSentences).filter((row) => !covered.has(row) && !beside.includes(row))).toEqual([])
})

it('no claim answers a sentence that there is not', () => {
  const rows = claims.flatMap(({ sources }) => sources.map(({ row }) => row))
  expect(rows.filter((row) => !(row in seedSentences))).toEqual([])
})

it('what is stated names a document of the repository and a day to look at it again', () => {
  const stated = claims.filter((claim) => claim.kind === 'stated')
  const isThere = (path: string): boolean => existsSync(new URL(`../../../${path}`, import.meta.url))
  expect(stated.filter(({ document }) => !isThere(document))).toEqual([])
  expect(stated.filter(({ reviewBy }) => !(Date.parse(reviewBy) > Date.parse('2026-11-30')))).toEqual([])
})

it('every claim speaks English and Japanese, by an id of its own', () => {
  const ids = claims.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { why, ...claim } of claims) {
    const words = claim.kind === 'verified' ? [why, claim.method] : [why]
    for (const { en, ja } of words) {
      expect(en).toMatch(/^[\x20-\x7e’]+$/)
      expect(ja).toMatch(/[぀-ヿ一-鿿]/)
    }
  }
})
