import type { Config, Settings } from '@gatehouse/kernel/config'
import { Secret } from '@gatehouse/kernel/secrets'
import { z } from 'zod'

/** Long enough that it cannot be guessed. */
const masterSecret = z
  .string()
  .regex(/^[\x21-\x7e]{32,512}$/)
  .transform((text) => new Secret(text))
  .optional()

function toSetting(variable: string, what: string) {
  return {
    variable,
    schema: masterSecret,
    about: `The secret with which your own automation may ${what}, sent as X-API-Key`,
    shape: '32 to 512 visible ASCII characters',
    example: 'the-output-of-openssl-rand-base64-32',
    unset: 'nobody can',
  } as const
}

/** The settings of the operator's automation: one secret per route. */
export const masterSettings = {
  masterOrgCreate: toSetting('MASTER_ADMIN_KEY_ORG_CREATE', 'found organisations of the oversight service'),
  masterOrgSuspend: toSetting('MASTER_ADMIN_KEY_ORG_SUSPEND', 'suspend one'),
  masterOrgReactivate: toSetting('MASTER_ADMIN_KEY_ORG_REACTIVATE', 'reactivate one'),
  masterOrgForceRotate: toSetting('MASTER_ADMIN_KEY_ORG_FORCE_ROTATE', 'replace the keys of one'),
  masterOrgForceRevoke: toSetting('MASTER_ADMIN_KEY_ORG_FORCE_REVOKE', 'revoke the keys of one'),
  masterBillingSuspend: toSetting('MASTER_ADMIN_KEY_BILLING_SUSPEND', 'suspend one that does not pay'),
  masterBillingRotate: toSetting('MASTER_ADMIN_KEY_BILLING_ROTATE', 'let one in again with a new key'),
  masterOrgUsageRead: toSetting('MASTER_ADMIN_KEY_ORG_USAGE_READ', 'read how much one has sent'),
  masterAuditVerify: toSetting('MASTER_ADMIN_KEY_AUDIT_VERIFY', 'verify the audit chain of one'),
} as const satisfies Settings

type MasterConfig = Config<typeof masterSettings>['values']

/** The secrets by the environment variable of each. */
export function toMasterSecrets(config: MasterConfig): Readonly<Record<string, Secret | undefined>> {
  // Safe: the names are those of this very object.
  const names = Object.keys(masterSettings) as (keyof typeof masterSettings)[]
  return Object.fromEntries(names.map((name) => [masterSettings[name].variable, config[name]]))
}

/** Throws when two settings have the same secret, which would then open two routes. */
export function assertOneEach(config: MasterConfig): void {
  const seen = new Map<string, string>()
  for (const [variable, secret] of Object.entries(toMasterSecrets(config))) {
    if (secret === undefined) continue
    const other = seen.get(secret.reveal())
    if (other !== undefined)
      throw new Error(`${variable} and ${other} must not be the same: each opens its own route alone`)
    seen.set(secret.reveal(), variable)
  }
}
