import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import { recordTelemetry, type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { z } from 'zod'
import { loadWebAuthn, type WireCreationOptions, type WireRegistration } from '../../../service/passkeys.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { ownRecordReply } from '../contract/own-record.ts'
import type { OversightDeps } from '../deps.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import * as store from '../store/authenticator-store.ts'
import { setEnrolment, takeEnrolment } from '../store/people-store.ts'
import { findSettings } from '../store/rule-store.ts'
import { findOwnOperator, type OwnCaller } from './own-operator.ts'
import { isOriginOf, listRpIds, ownRpId } from './relying-party.ts'
import { replyStart } from './reply-start.ts'
import { originOf } from './verify-passkey.ts'

const rpName = 'Gatehouse'
const timeoutMs = oversightPolicy.ownRecord.enrolmentSeconds * 1_000

/** Returns the options for creating a passkey with which the operator signs decisions. */
export async function beginEnrolment(
  deps: OversightDeps,
  caller: OwnCaller,
  { rp_id: asked }: { readonly rp_id: string | null },
  context: RequestContext,
) {
  const options = await recordTelemetry(deps, caller, async (tx): Promise<WireCreationOptions> => {
    const own = await findOwnOperator(tx, caller)
    const rpId = await chooseRpId(deps, tx, asked)
    const held = await store.listAuthenticators(tx, own.operatorId)
    assertRoom(held.length)
    const { generateRegistrationOptions } = await loadWebAuthn()
    const made = await generateRegistrationOptions({
      rpName,
      rpID: rpId,
      userName: own.operatorId,
      userID: Uint8Array.from(Buffer.from(own.operatorId.slice(0, 64), 'utf8')),
    })
    const { challenge, pubKeyCredParams, user } = made
    await setEnrolment(tx, own, { challenge, rpId }, deps.clock.now() + timeoutMs)
    return {
      rp: { id: rpId, name: rpName },
      user: { id: user.id, name: own.operatorId, displayName: own.operatorId },
      challenge,
      pubKeyCredParams: pubKeyCredParams.map(({ alg }) => ({ type: 'public-key', alg })),
      timeout: timeoutMs,
      attestation: 'none',
      excludeCredentials: held.map(({ credentialId, transports }) => ({
        type: 'public-key',
        id: credentialId,
        transports: [...transports],
      })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    }
  })
  return { ...replyStart(deps, context), options }
}

async function chooseRpId(deps: OversightDeps, tx: TenantTx, asked: string | null): Promise<string> {
  const { settings } = await findSettings(tx)
  const own = ownRpId(deps)
  const allowed = listRpIds(deps, settings)
  if (asked === null) {
    if (own === null) throw problems.PASSKEYS_UNAVAILABLE()
    return own
  }
  if (allowed.includes(asked)) return asked
  const message = allowed.length === 0 ? 'is not possible here' : `must be one of ${allowed.join(', ')}`
  throw problems.VALIDATION_FAILED({ fields: [{ field: 'rp_id', message }] })
}

/** Enrols a passkey. Only the operator can do it: no key of the organisation can. */
export async function enrolAuthenticator(
  deps: OversightDeps,
  caller: OwnCaller,
  { name, registration }: { readonly name: string; readonly registration: WireRegistration },
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  // In a transaction of its own, because the challenge is used up even if the enrolment fails.
  const { own, enrolment } = await recordTelemetry(deps, caller, async (tx) => {
    const found = await findOwnOperator(tx, caller)
    return { own: found, enrolment: await takeEnrolment(tx, found, nowMs) }
  })
  const credential = enrolment && (await verify(registration, enrolment))
  if (credential === undefined || enrolment === undefined) throw problems.PROOF_REFUSED()
  const authenticator: store.Authenticator = {
    credentialId: credential.id,
    operatorId: own.operatorId,
    name,
    publicKey: Buffer.from(credential.publicKey),
    rpId: enrolment.rpId,
    signCount: credential.counter,
    transports: registration.response.transports ?? [],
    enrolledBy: own.enrolledBy,
    enrolledAtMs: nowMs,
    lastUsedAtMs: null,
  }
  await mutate(deps, caller, async (tx) => {
    assertRoom((await store.listAuthenticators(tx, own.operatorId)).length)
    if (!(await store.insertAuthenticator(tx, authenticator))) throw problems.PROOF_REFUSED()
    return { result: undefined, entry: toEntry('AUTHENTICATOR_ENROLLED', authenticator, nowMs) }
  })
  return { ...replyStart(deps, context), authenticator: toWireAuthenticator(authenticator) }
}

export async function listAuthenticators(deps: OversightDeps, caller: OwnCaller, context: RequestContext) {
  return within(deps, caller, async (tx) => {
    const { operatorId } = await findOwnOperator(tx, caller)
    const held = await store.listAuthenticators(tx, operatorId)
    return { ...replyStart(deps, context), authenticators: held.map(toWireAuthenticator) }
  })
}

export async function removeAuthenticator(
  deps: OversightDeps,
  caller: OwnCaller,
  credentialId: string,
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  await mutate(deps, caller, async (tx) => {
    const { operatorId } = await findOwnOperator(tx, caller)
    const held = await lockOwn(tx, operatorId, credentialId)
    await store.deleteAuthenticator(tx, operatorId, credentialId)
    return { result: undefined, entry: toEntry('AUTHENTICATOR_REMOVED', held, nowMs) }
  })
  return { ...replyStart(deps, context), removed: true as const }
}

async function lockOwn(tx: AuditedTx, operatorId: string, credentialId: string) {
  const held = await store.lockAuthenticator(tx, operatorId, credentialId)
  if (held === undefined) throw problems.NOT_FOUND()
  return held
}

function assertRoom(held: number): void {
  const most = oversightPolicy.ownRecord.authenticatorsMax
  if (held >= most)
    throw problems.AUTHENTICATOR_LIMIT_REACHED({ detail: `At most ${most} passkeys; remove one first` })
}

async function verify(
  { id, rawId, type, response }: WireRegistration,
  { challenge, rpId }: { readonly challenge: string; readonly rpId: string },
) {
  const origin = originOf(response.clientDataJSON)
  if (origin === undefined || !isOriginOf(origin, rpId)) return undefined
  try {
    const { verifyRegistrationResponse } = await loadWebAuthn()
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON: response.clientDataJSON, attestationObject: response.attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
    })
    return verified ? registrationInfo.credential : undefined
  } catch {
    // The library throws for every malformed or invalid registration; all of them are one refusal here.
    return undefined
  }
}

function toEntry(
  action: string,
  { operatorId, credentialId, enrolledBy, rpId }: store.Authenticator,
  at: number,
) {
  const detail = { credential_id: credentialId, enrolled_by: enrolledBy, rp_id: rpId }
  return { action, resourceType: 'operator', resourceId: operatorId, detail, at }
}

type WireAuthenticator = z.input<typeof ownRecordReply>['authenticators'][number]

export function toWireAuthenticator(one: store.Authenticator): WireAuthenticator {
  return {
    credential_id: one.credentialId,
    name: one.name,
    rp_id: one.rpId,
    enrolled_by: one.enrolledBy,
    enrolled_at: toTime(one.enrolledAtMs),
    last_used_at: toTimeOrNull(one.lastUsedAtMs),
  }
}
