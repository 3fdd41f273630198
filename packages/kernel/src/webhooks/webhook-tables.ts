import { type OrgTable, toOrgTable, toSealedColumns } from '../db/index.ts'
import { endpointColumns } from './store/endpoint-columns.ts'

const table = 'gatehouse.webhook_endpoint'

/** The tables that the module stores for an org. */
export const webhookOrgTables: readonly OrgTable[] = [toOrgTable(table, endpointColumns)]
/** The columns of the signing secrets, each sealed in its own row. */
export const webhookSealedColumns = toSealedColumns(table, endpointColumns)
