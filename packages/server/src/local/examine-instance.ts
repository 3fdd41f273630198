import { X509Certificate } from 'node:crypto'
import { readFile, statfs } from 'node:fs/promises'
import { resolve } from 'node:path'
import { followDatabaseClock } from '@gatehouse/kernel/db'
import { listPlainTransports } from '../config.ts'
import { countTargetAcknowledgements } from '../platform/index.ts'
import { type Finding, judgeInstance } from './judge-instance.ts'
import type { LocalInstance, LocalOptions } from './local-instance.ts'

/** Examines the instance that a command has opened: its settings were valid, and its database was reachable. */
export async function examineInstance(
  local: LocalInstance,
  { env, folder }: Pick<LocalOptions, 'env' | 'folder'>,
): Promise<readonly Finding[]> {
  const { config, db, clock } = local
  const followed = await followDatabaseClock(db, clock)
  followed.stop()
  const { bavail, bsize } = await statfs(resolve(folder, config.dataFolder))
  const certificate =
    config.tlsCertificate === undefined
      ? undefined
      : new X509Certificate(await readFile(resolve(folder, config.tlsCertificate)))
  return judgeInstance(
    {
      clockAheadMs: followed.clock.now() - clock.now(),
      freeBytes: bavail * bsize,
      isMailSet: config.smtpUrl !== undefined,
      isPublicUrlSet: config.publicUrl !== undefined,
      isOperatorNamed: config.admins.length > 0 || config.securityContact?.startsWith('mailto:') === true,
      certificateEndsMs: certificate?.validToDate.getTime(),
      takesQueryKeys: config.streamQueryKey === 'on',
      egressAllow: config.egressAllow,
      targets: await countTargetAcknowledgements(local),
      plainTransports: listPlainTransports(config, env).map(({ sentence }) => sentence),
    },
    clock.now(),
  )
}
