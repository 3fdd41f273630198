import { exitCodes, type Command } from '../command.ts'

export const doctor: Command = {
  name: 'doctor',
  summary: 'Look at the instance, and say what to do where it is not well',
  description:
    "On the server's own machine, with the server's settings; works while the server runs. Settings that cannot be read and a database that cannot be reached are said instead, with exit code 1. With a warning the exit code is 3.",
  options: { json: { type: 'boolean', about: 'Print JSON' } },
  examples: ['gatehouse doctor', 'gatehouse doctor --json'],
  run: async ({ json }, { env, folder, out, progress }) => {
    const { examineInstance, withLocalInstance } = await import('@gatehouse/server/local')
    const findings = await withLocalInstance({ env, folder, progress }, (local) =>
      examineInstance(local, { env, folder }),
    )
    if (json === true) out(`${JSON.stringify(findings)}\n`)
    else for (const { about, state, sentence } of findings) out(`${state}\t${about}\t${sentence}\n`)
    return findings.some(({ state }) => state === 'warning') ? exitCodes.partly : exitCodes.done
  },
}
