import type { Gauge } from '../service/gauge.ts'
import type { PostureView } from './usecases/read-posture.ts'

/** The number of claims by standing, for monitoring systems. */
export function verdictGauge(read: () => Promise<PostureView>): Gauge {
  return {
    name: 'gatehouse_posture_claims',
    help: 'Claims of the security page by how they stand now: holds, fails, unknown, stated, overdue',
    labels: ['verdict'],
    read: async () => {
      const { verified: _verified, ...counts } = (await read()).summary
      return Object.entries(counts).map(([verdict, value]) => ({ labels: { verdict }, value }))
    },
  }
}
