import { createAccessTokens } from '@gatehouse/kernel/sessions'
import { z } from 'zod'
import { changingHandler, type Mutant, rewriting, running } from './mutant.ts'

const renewed = new Map<string, unknown>()

export const sessionMutants: readonly Mutant[] = [
  {
    claim: 'passwords.are-hashed-slowly',
    group: 'services',
    ...rewriting(
      'platform."user"',
      'INSERT',
      `NEW.password_hash := replace(NEW.password_hash, 'i=600000', 'i=1000')`,
    ),
  },
  {
    claim: 'sessions.access-tokens-are-short',
    group: 'wrapped',
    weakened: {
      // It believes what a token says, whoever signed it.
      createAccessTokens: (keys) => {
        const tokens = createAccessTokens(keys)
        return {
          ...tokens,
          verify: async (text, nowMs) => (await tokens.verify(text, nowMs)) ?? believe(text),
        }
      },
    },
  },
  {
    claim: 'sessions.refresh-tokens-end',
    group: 'wrapped',
    ...rewriting(
      'gatehouse.refresh_token',
      'INSERT',
      `NEW.expires_at := NEW.expires_at + interval '30 days'`,
    ),
  },
  {
    claim: 'sessions.used-refresh-tokens-are-dead',
    group: 'wrapped',
    weakened: changingHandler<{ readonly body: { readonly refreshToken: string } }>(
      'refreshSession',
      async ({ caller, input, handle }) => {
        const { refreshToken } = input.body
        try {
          const reply = await handle(caller, input)
          renewed.set(refreshToken, reply)
          return reply
        } catch (error) {
          if (renewed.has(refreshToken)) return renewed.get(refreshToken)
          throw error
        }
      },
    ),
  },
  {
    claim: 'sessions.ended-tokens-are-deleted',
    group: 'services',
    ...running(
      `INSERT INTO gatehouse.session (id, user_id, active_org, ip, created_at, last_used_at, expires_at)
       VALUES ('left', 'left', '00000000-0000-4000-8000-000000000000', '192.0.2.1', now(), now(), now() + interval '1 day')`,
      // Nothing deletes it, whenever retention runs.
      `CREATE FUNCTION public.keep_token() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`,
      `CREATE TRIGGER keep_token BEFORE DELETE ON gatehouse.refresh_token
         FOR EACH ROW WHEN (OLD.session_id = 'left') EXECUTE FUNCTION public.keep_token()`,
      `INSERT INTO gatehouse.refresh_token (digest, session_id, issued_at, expires_at)
       VALUES (decode(repeat('00', 32), 'hex'), 'left', now() - interval '9 days', now() - interval '2 days')`,
    ),
  },
]

const claims = z.object({
  sub: z.string(),
  org: z.string(),
  sid: z.string(),
  jti: z.string(),
  iat: z.number(),
})

function believe(text: string) {
  const payload: unknown = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString('utf8'))
  const { sub, org, sid, jti, iat } = claims.parse(payload)
  return { userId: sub, orgId: org, sessionId: sid, tokenId: jti, issuedAtMs: Math.round(iat * 1000) }
}
