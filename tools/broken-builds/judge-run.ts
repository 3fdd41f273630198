import { z } from 'zod'

/** What vitest's json reporter says of a run, as far as it is read here. */
export const runReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})

export type RunReport = z.infer<typeof runReport>

export type Verdict = { readonly holds: boolean; readonly because: string }

/**
 * What a test that never came to its assertion says: it would fail on a slip of the keyboard as well. Vitest reports a
 * time-out by the name of the stack it keeps for it.
 */
const notAnAssertion =
  /^(?:SyntaxError|ReferenceError|TypeError|Error: (?:STACK_TRACE_ERROR|Cannot find|(?:Test|Hook) timed out))/

/** Whether a test that carries the promise failed at what it asserts; otherwise why that cannot be said. */
export function judgeBroken(promise: string, report: RunReport): Verdict {
  const tests = testsOf(promise, report)
  if (tests.length === 0) return { holds: false, because: 'no test of the promise ran' }
  const failures = tests
    .filter(({ status }) => status === 'failed')
    .map(({ failureMessages }) => toFirstLine(failureMessages?.[0] ?? ''))
  if (failures.length === 0) return { holds: false, because: 'no test of the promise failed' }
  const assertion = failures.find((line) => !notAnAssertion.test(line))
  if (assertion === undefined) return { holds: false, because: `not an assertion: ${failures[0]}` }
  return { holds: true, because: assertion }
}

/** Whether every test that carries the promise passed, and at least one ran. */
export function judgeWhole(promise: string, report: RunReport): Verdict {
  const tests = testsOf(promise, report)
  if (!tests.some(({ status }) => status === 'passed'))
    return { holds: false, because: 'no test of the promise passed on the unbroken copy' }
  const failed = tests.find(({ status }) => status === 'failed')
  if (failed === undefined) return { holds: true, because: 'passed' }
  return {
    holds: false,
    because: `fails on the unbroken copy: ${toFirstLine(failed.failureMessages?.[0] ?? '')}`,
  }
}

function testsOf(promise: string, { testResults }: RunReport) {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => fullName.includes(promise))
}

function toFirstLine(message: string): string {
  return message.split('\n', 1)[0]?.trim() ?? ''
}
