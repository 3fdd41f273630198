export {
  accessTokenSeconds,
  createAccessTokens,
  type AccessClaims,
  type AccessTokens,
} from './access-token.ts'
export { judgePassword, type PasswordJudgement } from './judge-password.ts'
export {
  hashPassword,
  iterations as passwordIterations,
  verifyAgainstNothing,
  verifyPassword,
  type PasswordVerdict,
} from './password-hash.ts'
export {
  openSession,
  raceMs,
  refreshTokenMs,
  rotateRefreshToken,
  type OpenedSession,
  type RotationPace,
  type RotationVerdict,
  type SessionStart,
} from './refresh.ts'
export {
  deleteSessionsOfPerson,
  endAllSessions,
  endOtherSessions,
  endSession,
  endSessionsConfinedTo,
  findLive,
  listSessions,
  refuseTokensOfOrg,
  setActiveOrg,
  type Session,
} from './store/session-store.ts'
export { createSudoTokens, sudoTokenSeconds, type SudoTokens } from './sudo-token.ts'
export {
  createSessionVerifier,
  type Membership,
  type SessionVerdict,
  type SessionVerifier,
  type SessionVerifierOptions,
} from './verify-session.ts'
