import type { PostureResult } from '@gatehouse/server/local'

const special: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * Formats the results as JUnit XML, which CI systems read: each claim is a test case, and unknown results are skipped
 * tests.
 */
export function writeJunit(results: readonly PostureResult[]): string {
  const count = (verdict: PostureResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length
  const seconds = results.reduce((sum, { tookMs }) => sum + tookMs, 0) / 1_000
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="gatehouse posture" tests="${results.length}" failures="${count('fails')}" skipped="${count('unknown')}" time="${seconds}">`,
    ...results.map(toCase),
    '</testsuite>',
    '',
  ].join('\n')
}

function toCase({ claim, verdict, because, tookMs }: PostureResult): string {
  const head = `  <testcase classname="posture" name="${escape(claim)}" time="${tookMs / 1_000}"`
  if (verdict === 'holds') return `${head}/>`
  const name = verdict === 'fails' ? 'failure' : 'skipped'
  return `${head}><${name} message="${escape(because ?? '')}"/></testcase>`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (letter) => special[letter] ?? '')
}
