import { flushCompileCache } from 'node:module'
import { followStarter } from '../../bin/follow-starter.js'
import type { Command } from '../command.ts'

export const serve: Command = {
  name: 'serve',
  summary: 'Start the server',
  description:
    'Settings come from the environment and from gatehouse.config.json in the current folder. Prints the address, and on\n' +
    'the first start a link that creates the owner account. Ctrl-C stops it.',
  options: {},
  examples: ['gatehouse serve', 'GATEHOUSE_PORT=8080 GATEHOUSE_DATA=/var/lib/my-gatehouse gatehouse serve'],
  run: async () => {
    followStarter(() => process.kill(process.pid, 'SIGTERM'))
    const server = await import('@gatehouse/server/main')
    // Node.js writes the cache only at a normal exit, which a killed process never reaches.
    flushCompileCache()
    server.dieOnUncaught()
    return server.serve()
  },
}
