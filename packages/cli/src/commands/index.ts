import type { Command } from '../command.ts'
import { auditVerify } from './audit-verify.ts'
import { eraseOrg } from './erase.ts'
import { exportOrg } from './export.ts'
import { keysCreate } from './keys-create.ts'
import { ownerCreate } from './owner-create.ts'
import { ownerLink } from './owner-link.ts'
import { secretsRetire, secretsRotate, secretsStatus } from './secrets.ts'
import { serve } from './serve.ts'

export const commands: readonly Command[] = [
  serve,
  ownerCreate,
  ownerLink,
  keysCreate,
  auditVerify,
  exportOrg,
  eraseOrg,
  secretsStatus,
  secretsRotate,
  secretsRetire,
]
