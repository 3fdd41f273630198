import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { attestEndpoints } from '../contract/attest.ts'
import type { coverageEndpoints } from '../contract/coverage.ts'
import type { telemetryEndpoints } from '../contract/telemetry.ts'
import type { OversightDeps } from '../deps.ts'
import { challengeDecision } from '../usecases/challenge-decision.ts'
import * as coverage from '../usecases/get-coverage.ts'
import * as telemetry from '../usecases/telemetry.ts'

type Evidence = HandlersOf<typeof telemetryEndpoints> &
  HandlersOf<typeof attestEndpoints> &
  HandlersOf<typeof coverageEndpoints>

export function evidenceHandlers(deps: OversightDeps): Evidence {
  return {
    challengeDecision: (caller, { body }, context) => challengeDecision(deps, caller, body, context),
    getCoverage: (caller, { query }, context) => coverage.getCoverage(deps, caller, query, context),
    getAgreement: (caller, { query }, context) => coverage.getAgreement(deps, caller, query, context),
    openTelemetrySession: (caller, { body }, context) => telemetry.openTelemetry(deps, caller, body, context),
    recordTelemetryEvent: (caller, { body }, context) =>
      telemetry.recordTelemetryEvent(deps, caller, body, context),
    observeAiCall: (caller, { body }, context) => telemetry.observeCall(deps, caller, body, context),
  }
}
