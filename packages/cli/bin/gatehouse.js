#!/usr/bin/env node
// Starts the command under a Node that runs TypeScript as it is: this one when it is new enough, else the pinned one.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { handOver } from './hand-over.js'

const main = new URL('../src/main.ts', import.meta.url)

if (Number(process.versions.node.split('.', 1)[0]) >= 24) await import(main.href)
else handOver(findPinnedNode(), [fileURLToPath(main), ...process.argv.slice(2)])

function findPinnedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    process.stderr.write(`gatehouse needs Node 24 or newer; this is ${process.version}\n`)
    return process.exit(1)
  }
}
