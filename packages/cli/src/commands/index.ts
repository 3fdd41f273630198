import type { Command } from '../command.ts'
import { auditVerify } from './audit-verify.ts'
import { keysCreate } from './keys-create.ts'
import { ownerCreate } from './owner-create.ts'
import { ownerLink } from './owner-link.ts'
import { serve } from './serve.ts'

export const commands: readonly Command[] = [serve, ownerCreate, ownerLink, keysCreate, auditVerify]
