import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import { toTime } from '../../service/shapes.ts'
import type { acknowledgementEndpoints } from '../contract/acknowledgements.ts'
import type { PlatformDeps } from '../deps.ts'
import { targetWording, targetWordingVersion } from '../domain/target-wording.ts'
import {
  acknowledgeTargets,
  type NamedAcknowledgement,
  readTargetAcknowledgement,
} from '../usecases/acknowledge-targets.ts'

export function acknowledgementHandlers(deps: PlatformDeps): HandlersOf<typeof acknowledgementEndpoints> {
  return {
    readTargetAcknowledgement: async (member) => toReply(await readTargetAcknowledgement(deps, member)),
    acknowledgeTargets: async (owner) => {
      await acknowledgeTargets(deps, owner)
      return toReply(await readTargetAcknowledgement(deps, owner))
    },
  }
}

function toReply(found: NamedAcknowledgement | undefined) {
  return {
    data: {
      version: targetWordingVersion,
      wording: targetWording,
      acknowledged:
        found === undefined
          ? null
          : {
              version: found.version,
              by: { id: found.userId, name: found.name },
              at: toTime(found.atMs),
            },
      isCurrent: found?.version === targetWordingVersion,
    },
  }
}
