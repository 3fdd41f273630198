import { asGate } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { loadWebAuthn, type WireCreationOptions, type WireRegistration } from '../../service/passkeys.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { insertPasskey, listFactors, listPasskeys } from '../store/factor-store.ts'
import { setChallenge, takeChallenge } from '../store/sudo-store.ts'
import { findOwnAccount } from './assert-own-password.ts'
import { addFactor, type NewFactor } from './change-factors.ts'
import { challengeMs, relyingParty, toDescriptor } from './prove-passkey.ts'

const rpName = 'Gatehouse'

export async function beginPasskey(
  deps: PlatformDeps,
  member: MemberPrincipal,
): Promise<WireCreationOptions> {
  const { id: rpID } = relyingParty(deps)
  const { email, name } = await findOwnAccount(deps, member)
  const passkeys = await asGate(deps, (tx) => listPasskeys(tx, member.userId))
  if (passkeys.length >= policy.passkeysMax) throw problems.FACTOR_LIMIT_REACHED()
  const { generateRegistrationOptions } = await loadWebAuthn()
  const { challenge, pubKeyCredParams, user } = await generateRegistrationOptions({
    rpName,
    rpID,
    userName: email,
    userDisplayName: name,
    userID: Uint8Array.from(Buffer.from(member.userId, 'utf8')),
  })
  await asGate(deps, (tx) => setChallenge(tx, toPlace(member), challenge, deps.clock.now() + challengeMs))
  return {
    rp: { id: rpID, name: rpName },
    user: { id: user.id, name: email, displayName: name },
    challenge,
    pubKeyCredParams: pubKeyCredParams.map(({ alg }) => ({ type: 'public-key', alg })),
    timeout: challengeMs,
    attestation: 'none',
    excludeCredentials: passkeys.map(toDescriptor),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  }
}

export async function addPasskey(
  deps: PlatformDeps,
  member: MemberPrincipal,
  name: string,
  registration: WireRegistration,
): Promise<NewFactor> {
  const rp = relyingParty(deps)
  const challenge = await asGate(deps, (tx) => takeChallenge(tx, toPlace(member), deps.clock.now()))
  if (challenge === undefined) throw problems.PROOF_REFUSED()
  const info = await verify(registration, challenge, rp)
  if (info === undefined) throw problems.PROOF_REFUSED()
  const { credential, credentialBackedUp: isBackedUp } = info
  const { userId } = member
  return addFactor(deps, member, 'passkey_added', async (tx, now) => {
    const held = (await listFactors(tx, userId)).filter(({ kind }) => kind === 'passkey').length
    if (held >= policy.passkeysMax) throw problems.FACTOR_LIMIT_REACHED()
    const id = newId(now)
    const passkey = {
      id,
      userId,
      name,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: registration.response.transports ?? [],
      isBackedUp,
    }
    if (!(await insertPasskey(tx, passkey, now))) throw problems.FACTOR_EXISTS()
    return id
  })
}

async function verify(
  { id, rawId, type, response }: WireRegistration,
  expectedChallenge: string,
  { id: expectedRPID, origin: expectedOrigin }: { readonly id: string; readonly origin: string },
) {
  const { clientDataJSON, attestationObject } = response
  try {
    const { verifyRegistrationResponse } = await loadWebAuthn()
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
    })
    return verified ? registrationInfo : undefined
  } catch {
    // The library throws for every malformed or forged registration; all are the same refusal here.
    return undefined
  }
}

function toPlace({ userId, sessionId }: MemberPrincipal) {
  return { purpose: 'register', boundTo: sessionId, userId } as const
}
