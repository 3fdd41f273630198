import { commands } from './commands/index.ts'
import { run } from './run.ts'

process.exitCode = await run(commands, process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
  progress: (text) => void (process.stderr.isTTY && process.stderr.write(text)),
  input: process.stdin,
})
