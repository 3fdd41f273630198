import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchmarks } from './benchmarks.ts'
import { describeMachine, describeVersions } from './machine.ts'
import { printFigure } from './print-figure.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const asked = parse(args)
  const names = asked?.positionals.includes('all') === true ? Object.keys(benchmarks) : asked?.positionals
  const unknown = names?.find((name) => !Object.hasOwn(benchmarks, name))
  if (asked === undefined || names === undefined || names.length === 0 || unknown !== undefined) {
    if (unknown !== undefined) console.error(`There is no benchmark named ${unknown}`)
    console.error('usage: npm run bench -- <name>… [--json] [--profile]')
    console.error(`names: ${[...Object.keys(benchmarks), 'all'].join(', ')}`)
    return 2
  }
  const { json, profile } = asked.values
  const note = (text: string): void => console.error(text)
  if (!json) console.log(`${new Date().toISOString()}\n${describeMachine()}\n${describeVersions()}`)
  for (const name of names) {
    const benchmark = await benchmarks[name]?.()
    const measured =
      (await benchmark?.({ profilePath: profile ? toProfilePath(name) : undefined, note })) ?? []
    for (const one of measured) console.log(json ? JSON.stringify(one.figure) : printFigure(one))
    if (!json) console.log(`again: npm run bench -- ${name}\n`)
  }
  return 0
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } },
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

function toProfilePath(name: string): string {
  return join(tmpdir(), `gatehouse-${name}.cpuprofile`)
}
