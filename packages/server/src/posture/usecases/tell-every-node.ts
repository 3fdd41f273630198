import { type Database, recordTelemetry } from '@gatehouse/kernel/db'
import { tellNodes } from '../store/tell-nodes.ts'
import { asInstance } from './in-instance.ts'

export async function tellEveryNode(deps: { readonly db: Database }, subject: string): Promise<void> {
  await recordTelemetry(deps, asInstance, (tx) => tellNodes(tx, subject))
}
