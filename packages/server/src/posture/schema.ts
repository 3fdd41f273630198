import type { ServiceSchema } from '../service/define-service.ts'
import { postureRetention } from './retention.ts'

const ofInstance = { columns: [], withheld: { '*': 'of the instance, and public' } } as const

export const postureSchema: ServiceSchema = {
  migrations: [{ module: 'posture', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [{ table: 'posture.evidence', every: 'month', ahead: 2 }],
  retention: postureRetention,
  personal: [],
  orgs: [
    { table: 'posture.evidence', ...ofInstance, kept: 'it is of no org' },
    { table: 'posture.run', ...ofInstance, kept: 'it is of no org' },
    { table: 'posture.policy', ...ofInstance, kept: 'it is of no org' },
  ],
  sealed: [],
}
