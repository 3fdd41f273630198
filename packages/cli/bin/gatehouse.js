#!/usr/bin/env node
// Starts the command under a Node that runs TypeScript as it is: this one when it is new enough, else the pinned one.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.ts')
const newEnough = Number(process.versions.node.split('.', 1)[0]) >= 24

if (newEnough) {
  await import(`file://${main}`)
} else {
  const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
  const node = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const { status, signal } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (signal !== null) process.kill(process.pid, signal)
  process.exit(status ?? 1)
}
