import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { FailureList } from './tools/testing/failure-list.ts'
import { LongestFirst } from './tools/testing/longest-first.ts'

const inContinuousIntegration = process.env['CI'] === 'true'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/server/test/**/*.test.ts',
      'tools/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'tools/fixtures/**'],
    globalSetup: 'packages/server/test/global-setup.ts',
    pool: 'forks',
    // Half of what small files cost was loading the server anew: files share the modules of a process, whose state no test may
    // rely on or leave changed.
    isolate: false,
    // Most of the time is spent waiting for databases and browsers, so one file at a time would leave a machine idle.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: LongestFirst },
    // Node runs our TypeScript as it is, so tests run the very modules that production runs; the loader is for mocks alone.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // No test says how fast a machine is: these end what hangs, and are reached by nothing that works on a busy one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 120_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    passWithNoTests: false,
    allowOnly: !inContinuousIntegration,
    reporters: [inContinuousIntegration ? 'verbose' : 'default', new FailureList()],
  },
})
