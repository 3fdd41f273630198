import { Problem } from '@gatehouse/kernel/problem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runQueue } from '../testing/run-queue.ts'
import { codeOf, newPerson, password, type TestPerson, withTotp } from '../testing/secured-person.ts'
import { softwareAuthenticator } from '../../service/testing/software-authenticator.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { addPasskey, beginPasskey } from './add-passkey.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { prepareSudo, type SudoProof, verifySudo } from './sudo.ts'

let platform: TestPlatform
const origin = 'https://gate.example.com'

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

const prove = ({ member }: TestPerson, proof: SudoProof) => verifySudo(platform.deps, member, proof)
const lockedAfter = { code: 'SUDO_LOCKED', status: 429, retryAfterSeconds: 900 }

it('a password, a code and a passkey each give a token that holds for this session', async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  const { secret } = await withTotp(platform, person)
  const authenticator = softwareAuthenticator()
  await addPasskey(
    deps,
    person.member,
    'key',
    authenticator.create(await beginPasskey(deps, person.member), origin),
  )
  const { methods, passkey } = await prepareSudo(deps, person.member, false)
  expect(methods).toEqual(expect.arrayContaining(['password', 'totp', 'passkey']))
  if (passkey === null) throw new Error('The person has a passkey')
  const proofs: SudoProof[] = [
    { password },
    { totpCode: codeOf(secret, clock.now()) },
    { passkey: authenticator.use(passkey, origin) },
  ]
  for (const proof of proofs) {
    const { sudoToken, expiresAtMs } = await prove(person, proof)
    expect(expiresAtMs).toBe(clock.now() + 900_000)
    expect(await deps.sudoTokens.verify(sudoToken, person.member, clock.now())).toBe(true)
  }
})

it('four failures lock nothing; the fifth does, for 15 minutes and not a millisecond longer', async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  const fail = async (times: number, refusal: object) => {
    for (let n = 0; n < times; n += 1)
      await expect(prove(person, { password: 'something else' })).rejects.toMatchObject(refusal)
  }
  await fail(4, { code: 'PROOF_REFUSED', status: 403 })
  await prove(person, { password })
  await fail(4, { code: 'PROOF_REFUSED' })
  await fail(1, lockedAfter)
  clock.advance(899_999)
  await expect(prove(person, { password })).rejects.toMatchObject({ code: 'SUDO_LOCKED' })
  clock.advance(1)
  await prove(person, { password })
  const { auditLogs } = await listAuditLogs(deps, person.member, { action: 'sudo.', limit: 20 })
  expect(auditLogs[1]).toMatchObject({ action: 'sudo.prove' })
  expect(JSON.stringify(auditLogs)).toContain('sudo_locked')
  expect(JSON.stringify(auditLogs)).toContain('wrong_password')
  expect(JSON.stringify(auditLogs)).not.toContain('something else')
})

it('of twenty guesses at the same moment five are looked at, whichever session they come from', async () => {
  const person = await newPerson(platform)
  const attempts = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      verifySudo(platform.deps, { ...person.member, sessionId: `session-${n}` }, { totpCode: '000000' }),
    ),
  )
  const codes = attempts.map((attempt) =>
    attempt.status === 'rejected' && attempt.reason instanceof Problem ? attempt.reason.code : 'proven',
  )
  expect(codes.filter((code) => code === 'PROOF_REFUSED')).toHaveLength(4)
  expect(codes.filter((code) => code === 'SUDO_LOCKED')).toHaveLength(16)
})

it('a mailed code is good once, in the session that asked, for ten minutes', async () => {
  const { deps, clock } = platform
  const person = await newPerson(platform)
  const verified = await platform.found()
  await expect(
    prepareSudo({ ...deps, mailer: { ...deps.mailer, isConfigured: false } }, verified, true),
  ).rejects.toMatchObject({ code: 'EMAIL_NOT_CONFIGURED' })
  const mailed = async (): Promise<string> => {
    const { emailSent } = await prepareSudo(deps, verified, true)
    expect(emailSent).toBe(true)
    await runQueue(deps)
    return (
      /\b(\d{4}) (\d{4})\b/
        .exec(platform.mails.at(-1)?.text ?? '')
        ?.slice(1)
        .join('') ?? ''
    )
  }
  const emailCode = await mailed()
  expect(emailCode).toHaveLength(8)
  const elsewhere = verifySudo(deps, { ...verified, sessionId: person.member.sessionId }, { emailCode })
  await expect(elsewhere).rejects.toMatchObject({ code: 'PROOF_REFUSED' })
  await verifySudo(deps, verified, { emailCode })
  await expect(verifySudo(deps, verified, { emailCode })).rejects.toMatchObject({ code: 'PROOF_REFUSED' })
  clock.advance(60_000)
  const late = await mailed()
  clock.advance(600_000)
  await expect(verifySudo(deps, verified, { emailCode: late })).rejects.toMatchObject({
    code: 'PROOF_REFUSED',
  })
})
