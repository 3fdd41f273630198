import type { Break } from './break.ts'

const ownIssuer = 'packages/server/test/sso-members-come-from-their-own-issuer-only.net.test.ts'
const endings = 'packages/server/test/issuers-end-what-they-opened.net.test.ts'

/** How each promise of single sign-on could come to be broken. */
export const signOnBreaks: readonly Break[] = [
  {
    promise: 'sso-members-come-from-their-own-issuer-only',
    broken: 'an issuer opens whatever account has the address that it names',
    file: 'packages/server/src/platform/usecases/admit-arrival.ts',
    find: 'if (isLeftOver) return',
    replace: 'if (isLeftOver || account.email === arrival.email) return',
    test: ownIssuer,
  },
  {
    promise: 'a-way-back-belongs-to-the-browser-that-went',
    broken: 'the state is not compared before the log-in is used up',
    file: 'packages/server/src/platform/usecases/finish-single-sign-on.ts',
    find: "const begun = secret !== undefined && isOwnState(secret, params.get('state'))",
    replace: "const begun = secret !== undefined && (isOwnState(secret, params.get('state')) || true)",
    test: ownIssuer,
  },
  {
    promise: 'roles-follow-the-groups-at-the-next-log-in',
    broken: 'who is a member already keeps the role of before',
    file: 'packages/server/src/platform/usecases/enter-by-issuer.ts',
    find: 'if (member.role === role) return { role, entries: [] }',
    replace: 'if (member.role === role || true) return { role: member.role, entries: [] }',
    test: ownIssuer,
  },
  {
    promise: 'nobody-learns-which-domains-are-known',
    broken: 'a domain that nobody has is refused at once',
    file: 'packages/server/src/platform/usecases/start-single-sign-on.ts',
    find: 'await holdUntil(deps.clock, startedMs + policy.sso.floorMs)',
    replace: 'void holdUntil',
    test: ownIssuer,
  },
  {
    promise: 'issuers-that-fail-are-told-apart',
    broken: 'a clock that is wrong counts as a forged token',
    file: 'packages/server/src/platform/usecases/reach-issuer.ts',
    find: "OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'clock_differs'",
    replace: "OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'token_invalid'",
    test: 'packages/server/test/issuers-that-fail-are-told-apart.net.test.ts',
  },
  {
    promise: 'issuers-end-what-they-opened',
    broken: 'a log-out token is taken, and the sessions go on',
    file: 'packages/server/src/platform/usecases/end-sessions-by-issuer.ts',
    find: "if (await endSession(tx, userId, sessionId, 'backchannel_logout', now)) ended.push(sessionId)",
    replace: 'if (userId !== sessionId) ended.push(endSession.name)',
    test: endings,
  },
  {
    promise: 'a-log-out-token-counts-once',
    broken: 'a log-out token is not remembered',
    file: 'packages/server/src/platform/usecases/end-sessions-by-issuer.ts',
    find: 'if (!(await insertLogoutToken(tx, digest, expiresAtMs)))',
    replace: 'if (!(await insertLogoutToken(tx, digest, expiresAtMs)) && expiresAtMs < 0)',
    test: endings,
  },
  {
    promise: 'a-fresh-proof-of-an-issuer-is-of-the-same-person',
    broken: 'whoever signs in at the issuer proves the session',
    file: 'packages/server/src/platform/usecases/finish-single-sign-on.ts',
    find: "if (!isSame) return refuse('other_person')",
    replace: "if (!isSame && proves.sessionId === '') return refuse('other_person')",
    test: endings,
  },
  {
    promise: 'required-sign-on-shuts-every-other-password',
    broken: 'sessions that a password opened go on',
    file: 'packages/kernel/src/sessions/verify-session.ts',
    find: 'if (!isConfined && standing.membership.needsIssuer)',
    replace: "if (!isConfined && standing.membership.needsIssuer && orgId === '')",
    test: endings,
  },
  {
    promise: 'a-domain-counts-once-its-record-has-been-found',
    broken: 'a record of any value proves the domain',
    file: 'packages/server/src/platform/domain/single-sign-on.ts',
    find: 'return texts.some((text) => text.trim()',
    replace: 'return texts.length === 0 || texts.some((text) => text.trim()',
    test: 'packages/server/src/platform/usecases/single-sign-on-settings.db.test.ts',
  },
  {
    promise: 'a-lost-record-lets-nobody-new-in',
    broken: 'somebody new comes in by a domain whose record is gone',
    file: 'packages/server/src/platform/usecases/admit-arrival.ts',
    find: 'proven.missingSinceMs !== null',
    replace: 'proven.missingSinceMs === 0',
    test: 'packages/server/src/platform/usecases/watch-domains.db.test.ts',
  },
  {
    promise: 'a-lost-record-lets-nobody-new-in',
    broken: 'name servers that are silent count as a record that is gone',
    file: 'packages/server/src/platform/usecases/watch-domains.ts',
    find: `if (answer.kind !== 'answered') return
  const isThere = isDomainProven({ domain, token }, answer.texts)`,
    replace: `const isThere = answer.kind === 'answered' && isDomainProven({ domain, token }, answer.texts)`,
    test: 'packages/server/src/platform/usecases/watch-domains.db.test.ts',
  },
  {
    promise: 'required-sign-on-shuts-every-other-password',
    broken: 'what the instance requires is nowhere asked for',
    file: 'packages/server/src/platform/migrations/0017_instance_requirement.sql',
    find: 'WHERE NOT EXISTS (SELECT',
    replace: 'WHERE false AND NOT EXISTS (SELECT',
    test: 'packages/server/src/platform/usecases/require-instance-issuer.db.test.ts',
  },
]
