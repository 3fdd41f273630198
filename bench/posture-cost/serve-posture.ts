import { limitMax } from '@gatehouse/kernel/limits'
import { serveMeasured } from '../served-process.ts'
import { startWholeServer } from '../whole-server.ts'

/**
 * The whole server as it is, but that one key may call as often as it can: the load is not to end at a limit. The claim about
 * that limit fails here, as it must.
 */
await serveMeasured(async () => {
  const folder = process.env['POSTURE_FOLDER'] ?? ''
  const loaded = 'uptime-key'
  const server = await startWholeServer(folder, 'uptime', {
    wrapLimitStore: (store) => ({
      ...store,
      take: (rule, subject, nowMs, cost) =>
        store.take(rule.name === loaded ? { ...rule, limit: limitMax } : rule, subject, nowMs, cost),
    }),
  })
  const { key } = await server.addTenant('load')
  return {
    port: Number(new URL(server.origin).port),
    headers: { authorization: `Bearer ${key}` },
    stop: server.stop,
  }
})
