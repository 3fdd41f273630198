import type { RunbookId } from '../../operations/runbook-records.ts'
import { customerKeys } from './customer-keys.ts'
import { databaseUrl } from './database-url.ts'
import { deployToken } from './deploy-token.ts'
import { exchangeKeys } from './exchange-keys.ts'
import { jwtKey } from './jwt-key.ts'
import { masterKey } from './master-key.ts'
import { metricsToken } from './metrics-token.ts'
import { paddleApiKey } from './paddle-api-key.ts'
import { paddleWebhookSecret } from './paddle-webhook-secret.ts'
import { pepper } from './pepper.ts'
import type { Runbook } from './runbook.ts'
import { sentryDsn } from './sentry-dsn.ts'
import { signingKey } from './signing-key.ts'
import { webhookSecret } from './webhook-secret.ts'

/** The runbooks: what to do when a secret may be exposed. Rotate first, investigate second. */
export const runbooks = {
  'paddle-api-key': paddleApiKey,
  'paddle-webhook-secret': paddleWebhookSecret,
  'database-url': databaseUrl,
  'deploy-token': deployToken,
  'metrics-token': metricsToken,
  'sentry-dsn': sentryDsn,
  'exchange-keys': exchangeKeys,
  'customer-keys': customerKeys,
  'jwt-key': jwtKey,
  pepper,
  'master-key': masterKey,
  'signing-key': signingKey,
  'webhook-secret': webhookSecret,
} as const satisfies Record<RunbookId, Runbook>
