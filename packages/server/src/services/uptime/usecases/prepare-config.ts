import type { TargetInput, TargetVerdict } from '@gatehouse/kernel/egress'
import type { FieldFault } from '@gatehouse/kernel/problem'
import type { MonitorSecrets } from '../checks/monitor-secrets.ts'
import { probePolicy } from '../checks/probe.ts'
import type { UptimeDeps } from '../deps.ts'
import { echoConfig } from '../domain/config-echo.ts'
import { kept } from '../monitor-types/config-fields.ts'
import { type MonitorType, monitorTypes } from '../monitor-types/monitor-types.ts'
import {
  findMonitorType,
  memberOf,
  parseConfig,
  secretMembers,
  targetOf,
  type Watch,
} from '../monitor-types/watch.ts'
import { problems } from '../problems.ts'
import { toConfigFaults } from '../../../service/to-config-faults.ts'

type Sent = Readonly<Record<string, unknown>>

/** A validated config that can be saved. */
export type PreparedConfig = {
  /** As it is stored and echoed. */
  readonly config: Sent
  readonly watch: Watch
  /** Sent secrets that have to be sealed, by member. */
  readonly secrets: MonitorSecrets
  /** Members whose sealed secret stays unchanged. */
  readonly keeps: readonly string[]
}

export function parseMonitorType(type: string): MonitorType {
  const known = findMonitorType(type)
  if (known === undefined)
    throw problems.INVALID_TYPE({ detail: `type: must be one of ${Object.keys(monitorTypes).join(', ')}` })
  return known
}

/**
 * Validates a sent config and its target. This can take a DNS query, so it must not run inside a transaction. Throws
 * INVALID_CONFIG.
 */
export async function prepareConfig(
  deps: Pick<UptimeDeps, 'egress'>,
  type: MonitorType,
  sent: Sent,
): Promise<PreparedConfig> {
  const parsed = parseConfig(type, sent)
  if (!parsed.success) throw refuse(toConfigFaults(parsed.error))
  const { watch } = parsed
  const target = targetOf(watch)
  if (target !== null) await assertTarget(deps, `config.${target.field}`, target.input)
  const members = secretMembers(type)
  const given = members.flatMap((member) => {
    const value = memberOf(watch, member)
    return value === undefined ? [] : [[member, value] as const]
  })
  const isKept = ([, value]: readonly [string, unknown]): boolean => kept.safeParse(value).success
  return {
    config: echoConfig(sent, watch.config, members),
    watch,
    secrets: Object.fromEntries(given.filter((entry) => !isKept(entry))),
    keeps: given.filter(isKept).map(([member]) => member),
  }
}

/** The error for one invalid member of a config. */
export function refuseMember(member: string, message: string): Error {
  return refuse([{ field: `config.${member}`, message }])
}

async function assertTarget(
  deps: Pick<UptimeDeps, 'egress'>,
  field: string,
  input: TargetInput,
): Promise<void> {
  const verdict = await deps.egress.judgeTargetNow(input, probePolicy)
  if (!verdict.accepted) throw refuse([{ field, message: toMessage(verdict) }])
}

function toMessage({ reason, sentence }: Extract<TargetVerdict, { accepted: false }>): string {
  switch (reason) {
    case 'name':
    case 'address':
      return 'this address may not be monitored'
    case 'userinfo':
      return 'must not contain credentials; put them in auth'
    case 'malformed':
    case 'scheme':
    case 'port':
      return sentence
  }
}

function refuse(fields: readonly FieldFault[]): Error {
  return problems.INVALID_CONFIG({ fields })
}
