import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { contestEndpoints } from '../contract/contests.ts'
import type { ownRecordEndpoints } from '../contract/own-record.ts'
import type { peopleEndpoints } from '../contract/people.ts'
import type { listOperatorViews, ownViewEndpoints } from '../contract/profile-views.ts'
import type { OversightDeps } from '../deps.ts'
import * as links from '../usecases/access-links.ts'
import * as authenticators from '../usecases/authenticators.ts'
import * as contests from '../usecases/contests.ts'
import { eraseOperator, getErasure, readmitOperator } from '../usecases/erase-operator.ts'
import { exportOperator, exportOwnRecord } from '../usecases/export-operator.ts'
import * as views from '../usecases/list-views.ts'
import * as own from '../usecases/own-record.ts'

type People = HandlersOf<typeof ownRecordEndpoints> &
  HandlersOf<readonly [typeof listOperatorViews, ...typeof ownViewEndpoints]> &
  HandlersOf<typeof contestEndpoints> &
  HandlersOf<typeof peopleEndpoints>

export function peopleHandlers(deps: OversightDeps): People {
  return {
    getOwnRecord: (caller, { query }, context) => own.getOwnRecord(deps, caller, query, context),
    listOwnInteractions: (caller, { query }, context) =>
      own.listOwnInteractions(deps, caller, query, context),
    listOwnViews: (caller, { query }, context) => views.listOwnViews(deps, caller, query, context),
    listOperatorViews: (caller, { params, query }, context) =>
      views.listOperatorViews(deps, caller, params.operator_id, query, context),
    openContest: (caller, { body }, context) => contests.openContest(deps, caller, body, context),
    exportOwnRecord: (caller) => exportOwnRecord(deps, caller),
    attestOwnDecision: (caller, { body }, context) => own.attestOwnDecision(deps, caller, body, context),
    beginEnrolment: (caller, { body }, context) => authenticators.beginEnrolment(deps, caller, body, context),
    enrolAuthenticator: (caller, { body }, context) =>
      authenticators.enrolAuthenticator(deps, caller, body, context),
    listAuthenticators: (caller, _input, context) => authenticators.listAuthenticators(deps, caller, context),
    removeAuthenticator: (caller, { params }, context) =>
      authenticators.removeAuthenticator(deps, caller, params.credential_id, context),
    listContests: (caller, { query }, context) => contests.listContests(deps, caller, query, context),
    decideContest: (caller, { params, body }, context) =>
      contests.decideContest(deps, caller, params.id, body, context),
    createAccessLink: (caller, { params, body }, context) =>
      links.createAccessLink(deps, caller, params.operator_id, body, context),
    listAccessLinks: (caller, { params }, context) =>
      links.listAccessLinks(deps, caller, params.operator_id, context),
    revokeAccessLink: (caller, { params }, context) => links.revokeAccessLink(deps, caller, params, context),
    tieMember: (caller, { params, body }, context) =>
      links.tieMember(deps, caller, params.operator_id, body, context),
    getTiedMember: (caller, { params }, context) =>
      links.getTiedMember(deps, caller, params.operator_id, context),
    getErasure: (caller, { params }, context) => getErasure(deps, caller, params.operator_id, context),
    exportOperator: (caller, { params }) => exportOperator(deps, caller, params.operator_id),
    eraseOperator: (caller, { params }, context) => eraseOperator(deps, caller, params.operator_id, context),
    readmitOperator: (caller, { params }, context) =>
      readmitOperator(deps, caller, params.operator_id, context),
  }
}
