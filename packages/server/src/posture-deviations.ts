import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { listPlainTransports, type ServerConfig } from './config.ts'
import type { Deviation } from './posture/deviation.ts'

const declarations = z.record(
  z.string(),
  z.strictObject({
    reason: z.string().min(1).max(500),
    owner: z.string().min(1).max(100),
    retireBy: z.iso.date(),
  }),
)

/**
 * Settings that weaken a control, with the operator's declarations from the file that `GATEHOUSE_DEVIATIONS` names. A
 * declaration for a control that is not weakened stops the start, because its name may be mistyped.
 */
export function listDeviations(
  config: ServerConfig,
  env: Readonly<Record<string, string | undefined>>,
): readonly Deviation[] {
  const found = findDeviations(config, env)
  const declared = readDeclared(config.deviations)
  const known = new Set(found.map(({ setting }) => setting))
  const stray = Object.keys(declared).filter((setting) => !known.has(setting))
  if (stray.length > 0)
    throw new Error(
      `GATEHOUSE_DEVIATIONS declares ${stray.join(', ')}, which weakens nothing as it is set; it may declare ` +
        (known.size === 0 ? 'nothing' : [...known].join(', ')),
    )
  return found.map((deviation) => ({ ...deviation, declared: declared[deviation.setting] }))
}

function findDeviations(
  config: ServerConfig,
  env: Readonly<Record<string, string | undefined>>,
): readonly Deviation[] {
  const found: Deviation[] = []
  if (config.streamQueryKey === 'on')
    found.push({
      setting: 'GATEHOUSE_STREAM_QUERY_KEY',
      control: 'G4',
      sentence: {
        en: 'An API key may stand in the address of the stream, where proxies may write it down.',
        ja: 'ストリームのアドレスにAPIキーを含めることができ、プロキシに記録される可能性があります。',
      },
    })
  if (config.egressAllow !== '')
    found.push({
      setting: 'GATEHOUSE_EGRESS_ALLOW',
      control: 'E8',
      sentence: {
        en: `Monitors and webhooks may reach ${config.egressAllow} beyond the public internet.`,
        ja: `監視とWebhookは、公開インターネットのほかに ${config.egressAllow} に到達できます。`,
      },
    })
  const plain = listPlainTransports(config, env).map(({ transport }) => transport)
  if (plain.length > 0)
    found.push({
      setting: 'GATEHOUSE_ALLOW_PLAIN',
      control: 'V5',
      sentence: {
        en: `The way to the ${plain.join(' and the ')} leaves this machine without verified TLS.`,
        ja: `${plain.join('、')} への通信は、検証済みTLSなしでこのマシンの外に出ます。`,
      },
    })
  if (config.probes === 'off')
    found.push({
      setting: 'GATEHOUSE_PROBES',
      control: 'posture',
      sentence: {
        en: 'Claims are probed only when somebody asks for it.',
        ja: '主張の検証は、依頼されたときにのみ行われます。',
      },
    })
  return found
}

function readDeclared(path: string | undefined): z.output<typeof declarations> {
  if (path === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`GATEHOUSE_DEVIATIONS: ${path} cannot be read as JSON`, { cause: error })
  }
  const parsed = declarations.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(
    `GATEHOUSE_DEVIATIONS: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}; write ` +
      '{"GATEHOUSE_EGRESS_ALLOW": {"reason": "…", "owner": "…", "retireBy": "2027-05-01"}}',
  )
}
