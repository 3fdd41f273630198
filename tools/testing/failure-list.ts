import type { Reporter, SerializedError, TestModule } from 'vitest/node'

const characters = 400

/** Names what failed once more in the last lines of a run: a log of thousands of tests may be kept by its end alone. */
export class FailureList implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const lines = [
      ...modules.flatMap((module) => failuresOf(module)),
      ...unhandled.map((error) => `outside of a test: ${textOf([error])}`),
    ]
    for (const line of lines) process.stdout.write(`FAILED ${line}\n`)
  }
}

function failuresOf(module: TestModule): readonly string[] {
  const where = module.relativeModuleId
  const tests = [...module.children.allTests('failed')].map(
    (test) => `${where} > ${test.fullName}: ${textOf(test.result().errors ?? [])}`,
  )
  // A hook that fails belongs to its suite, and a module that can't be loaded has no test at all.
  const suites = [...module.children.allSuites()].flatMap((suite) =>
    suite.errors().map((error) => `${where} > ${suite.fullName}: ${textOf([error])}`),
  )
  return [...module.errors().map((error) => `${where}: ${textOf([error])}`), ...suites, ...tests]
}

function textOf(errors: readonly SerializedError[]): string {
  const text = errors.map(({ message }) => message).join(' | ')
  return text.replaceAll(/\s+/g, ' ').slice(0, characters)
}
