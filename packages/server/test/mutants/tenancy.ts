import { changingHandler, firstOrg, mergeParts, type Mutant, running } from './mutant.ts'

const ofMonitors = firstOrg()
const ofPresets = firstOrg()

export const tenancyMutants: readonly Mutant[] = [
  {
    claim: 'tenancy.row-security-is-forced',
    group: 'wrapped',
    ...running('ALTER TABLE gatehouse.webhook_endpoint NO FORCE ROW LEVEL SECURITY'),
  },
  {
    claim: 'tenancy.org-comes-from-the-key',
    group: 'wrapped',
    weakened: changingHandler('listIncidents', ({ caller, input, context, handle }) => {
      const named = context.header('x-org-id')
      return handle(named === undefined || !('orgId' in caller) ? caller : { ...caller, orgId: named }, input)
    }),
  },
  {
    claim: 'tenancy.nothing-is-reached-across',
    // A server of its own: every other probe that asks for the URL of a heartbeat would be answered as the first org.
    weakened: mergeParts([
      changingHandler('getHeartbeatUrl', ({ caller, input, handle }) => handle(ofMonitors.be(caller), input)),
      changingHandler('getMonitor', ({ caller, input, handle }) => {
        ofMonitors.note(caller)
        return handle(caller, input)
      }),
    ]),
  },
  {
    claim: 'tenancy.presets-and-subscriptions',
    group: 'wrapped',
    weakened: mergeParts([
      changingHandler('getPreset', ({ caller, input, handle }) => handle(ofPresets.be(caller), input)),
      changingHandler('upsertCustomPreset', ({ caller, input, handle }) => {
        ofPresets.note(caller)
        return handle(caller, input)
      }),
    ]),
  },
  {
    claim: 'tenancy.database-roles-are-weak',
    group: 'limitless',
    ...running('GRANT CREATE ON SCHEMA uptime TO gatehouse_app'),
  },
]
