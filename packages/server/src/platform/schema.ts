import type { ServiceSchema } from '../service/define-service.ts'
import { platformRetention } from './retention.ts'
import { orgTables } from './store/org-tables.ts'
import { personalTables } from './store/personal-tables.ts'

export const platformSchema: ServiceSchema = {
  migrations: [{ module: 'platform', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [],
  retention: platformRetention,
  personal: personalTables,
  orgs: orgTables,
  sealed: [
    {
      table: 'platform.disclosure_case',
      column: 'report_sealed',
      row: 'id',
      owner: 'org_id',
      within: 'org',
    },
    { table: 'platform.totp_factor', column: 'secret_sealed', row: 'id', owner: 'user_id', within: 'gate' },
    {
      table: 'platform.sso_connection',
      column: 'client_secret_sealed',
      row: 'org_id',
      owner: 'org_id',
      within: 'org',
    },
  ],
}
