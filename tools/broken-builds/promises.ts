import type { accountPromises } from './account-promises.ts'
import type { alertPromises } from './alert-promises.ts'
import type { calendarPromises } from './calendar-promises.ts'
import type { claimPromises } from './claim-promises.ts'
import type { decisionPromises } from './decision-promises.ts'
import type { domainPromises } from './domain-promises.ts'
import type { pagePromises } from './page-promises.ts'
import type { subscriberPromises } from './subscriber-promises.ts'
import type { posturePromises } from './posture-promises.ts'
import type { customerPromises } from './customer-promises.ts'
import type { disclosurePromises } from './disclosure-promises.ts'
import type { exposurePromises } from './exposure-promises.ts'
import type { framePromises } from './frame-promises.ts'
import type { httpPromises } from './http-promises.ts'
import type { monitorScreenPromises } from './monitor-screen-promises.ts'
import type { languagePromises } from './language-promises.ts'
import type { livePromises } from './live-promises.ts'
import type { overviewPromises } from './overview-promises.ts'
import type { seriesPromises } from './series-promises.ts'
import type { screenPromises } from './screen-promises.ts'
import type { watchPromises } from './watch-promises.ts'

/** What the kernel promises. Each name is part of the title of the test that holds it. */
export const kernelPromises = [
  'every-endpoint-refuses-strangers',
  'unauthorized-bodies-are-identical',
  'outcomes-are-indistinguishable-in-time',
  'revoked-keys-die-on-every-node-within-one-second',
  'rotation-kills-the-old-key-at-once',
  'no-window-ever-exceeds-its-limit',
  'limiter-outage-refuses',
  'tenants-cannot-see-each-other',
  'server-refuses-to-start-without-forced-row-security',
  'read-only-keys-cannot-write',
  'every-decision-leaves-a-link',
  'what-only-reads-cannot-write',
  'telemetry-decides-nothing',
  'concurrent-writers-never-fork-the-chain',
  'every-mutation-of-the-chain-is-found',
  'pruned-chains-still-verify',
  'parallel-refreshes-give-one-successor',
  'late-replay-kills-the-family',
  'tampered-tokens-are-refused',
  'no-special-address-is-dialled',
  'rebinding-is-refused',
  'redirects-are-never-followed',
  'webhook-signatures-verify-with-the-reference-library',
  'killed-mid-delivery-still-delivers-once-or-more',
  'secrets-never-reach-logs-or-dumps',
  'retention-cuts-at-the-boundary',
  'bodies-over-the-cap-are-413',
  'preflight-and-request-origins',
  'starts-and-stops-cleanly',
  'one-org-leaves-connections-to-others',
  'a-first-start-waits-for-nobody-who-waits-for-it',
] as const

/** What the platform promises, in the same way. */
export const platformPromises = [
  'first-owner-link-works-once',
  'unknown-and-wrong-logins-are-indistinguishable',
  'role-change-bites-within-a-second',
  'viewer-cannot-write-anywhere',
  'last-owner-cannot-leave',
  'invitation-is-single-use',
  'sudo-is-needed-where-the-contract-says',
  'password-reset-ends-every-session',
  'export-holds-everything-and-only-mine',
  'deleted-org-is-gone',
  'registration-is-closed-by-default',
  'device-login-cannot-be-approved-by-an-unverified-member',
  'test-keys-never-see-live-data',
  'device-keys-die-with-their-approver',
  'proofs-leave-no-trace',
  'guessing-is-slowed-per-account-and-never-locks-the-owner-out',
  'an-address-gets-three-asked-mails-an-hour',
  'every-way-in-meets-every-guard',
  'a-reset-without-a-mail-server',
  'hosts-are-shown-as-they-are-typed-where-that-is-safe',
] as const

/** What the oversight service promises about whose word a decision is, and about the people it measures. */
export const evidencePromises = [
  'telemetry-open-has-exactly-seven-members',
  'anchored-figures-replace-claims',
  'forged-or-reused-evidence-never-raises-a-grade',
  'takes events to its last millisecond, and refuses a forged one',
  'a proof without the person recognised',
  'a proof made for another page',
  'attested-decision-verifies-from-canonical-bytes',
  'org-keys-cannot-enrol-an-operator',
  'evidence-shares-sum-to-one-everywhere',
  'coverage-counts-each-call-once',
  'agreement-vectors-hold',
  'upheld-contest-removes-exactly-that-interaction',
  'somebody else decides it once',
  'undecided-contest-favours-the-person',
  'erased-operator-leaves-only-hashes',
  'the sums are those of the others',
  'every-look-at-a-profile-is-visible-to-its-owner',
  'who-looked-is-told-with-when-how-often-and-by-what',
  'a reader who polls is one row a day, with the first look, the last and how many',
  'everything is in pages once, newest first, also where many looked at one moment',
  'one’s-own-looks-count-too',
  'small-samples-appear-nowhere',
  'no-call-acts-on-a-person',
] as const

/** What the uptime service promises, in the same way. */
export const signOnPromises = [
  'sso-members-come-from-their-own-issuer-only',
  'a-way-back-belongs-to-the-browser-that-went',
  'roles-follow-the-groups-at-the-next-log-in',
  'nobody-learns-which-domains-are-known',
  'issuers-that-fail-are-told-apart',
  'issuers-end-what-they-opened',
  'a-log-out-token-counts-once',
  'a-fresh-proof-of-an-issuer-is-of-the-same-person',
  'required-sign-on-shuts-every-other-password',
  'a-domain-counts-once-its-record-has-been-found',
  'a-lost-record-lets-nobody-new-in',
] as const

export const uptimePromises = [
  'a ping is never refused for what it carries',
  'one clock decides',
  'after the clock has stepped back by an hour',
  'a last check in the future vouches for nothing',
  'are not late because the clock leapt an hour ahead',
  'a time on the wire is one that calendar and clock show',
  'an org is born with its default page',
  'audit entries are told as the public clients read them',
  'an org that holds its share waits, and the same lane of another does not',
  'a.co.uk and b.co.uk share nothing',
  'HelloRequest without end is tls_protocol',
  'of four the final one is heard, of five it is not',
  'orgs that look at the same target take turns',
  'a monitor whose failure is being confirmed is shown as neither up nor down',
  'a-new-monitor-wakes-every-node',
  'nor those of 240 orgs with one name each',
  'an-outage-over-midnight-is-no-quiet-day',
] as const

/** What clients and people are promised of what the server shows them: the document, the SDK, pages and links. */
export const surfacePromises = [
  'what commands begin with is told with its commands',
  'texts-that-no-database-holds-are-refused-by-name',
  'kept-metadata-is-what-fits',
  'a refusal names the member that is wrong',
  'every-operation-has-an-example',
  'served-document-lints-clean',
  'every-operation-has-an-sdk-method',
  'every-link-opens',
  'the-app-works-below-a-path',
  'a browser gets a page and a program a problem',
  'sessions-never-fall-out',
  'the-gate-fails-closed',
  'every-webhook-message-is-described',
  'a-host-is-shown-in-its-script-where-that-is-safe',
  'no-name-hides-what-nobody-sees',
  'what-no-hash-takes-is-refused-by-name',
] as const

/** What whoever adds a service is promised, and what it then gets. */
export const servicePromises = [
  'a-service-is-one-line',
  'every-service-is-heard-by-webhooks',
  'every-service-is-sealed-anew',
  'every-service-leaves-with-an-export',
  'every-service-keeps-its-envelope',
  'every-service-opens-the-audit-log',
  'keys-have-default-scopes',
  'retention-runs-beside-a-server',
  'every-known-answer-vector-holds',
  'a-build-with-another-model-never-scores',
] as const

/** What running the server promises. */
export const operationsPromises = [
  'a-refused-start-ends',
  'is refused with a sentence that names it',
  'npm-start-ends-whole',
  'newer-databases-are-refused',
  'a-used-database-never-gets-new-keys',
  'deed-and-answer-commit-together',
  'ways-off-this-machine-are-verified',
  'cut-chains-are-found',
  'checkpoints-come-in-time',
  'checkpoints-leave-the-machine',
  'new-addresses-of-a-key-are-listed',
  'doctor-warns-of-keys-in-urls',
] as const

/** What checks promise: how monitor types are made, and what one learns of a target. */
export const monitorPromises = [
  'a-monitor-type-is-one-file',
  'a-field-is-three-places',
  'a-stored-kind-that-nobody-knows-is-seen',
  'own-errors-are-told-as-ours',
  'credentials-that-cannot-be-sent-are-refused',
  'pages-are-read-in-their-charset',
  'content-codings-are-undone-in-order',
  'invalid-http-names-its-fault',
  'tls-failures-name-their-fault',
  'a-search-outlasts-what-an-earlier-version-stored',
] as const

/** What the delivery of webhooks, notices and mails promises, in the same way. */
export const deliveryPromises = [
  'waits-no-longer-for-a-clock-that-stepped-back',
  'nothing is ever signed with the empty key',
  'a secret that a customer brings',
  'has the notice after the next attempt, and the redirect is not followed',
  'what looks like an encoded word arrives as it was written',
  'a Retry-After of',
  'a recovery never overtakes the news of the outage',
  'deliveries of one topic leave in their order',
  'a-stored-destination-that-nobody-knows-is-seen',
  'a-slack-channel-is-told',
  'a-destination-is-one-file',
  'a notice that waits keeps its place in the order of its incident',
  'what it was about is forgotten once it has left',
  'a-mail-that-leaves-twice-is-one',
  'jobs-wait-for-no-clock-that-stepped-back',
  'outages-stop-no-jobs',
  'a refusal that cannot be written costs no other org its entry',
  'an import outlasts a way to the server that breaks each call once',
] as const

/** What the oversight service promises of its figures, and of what is made of them. */
export const modelPromises = [
  'published-sample-dimensions-give-74.3',
  'params-hash-matches-the-canonical-object',
  'band-never-contradicts-the-number-shown',
  'unknown-outcomes-are-never-right-or-wrong',
  'no-score-without-known-outcomes',
  'always-or-never-following-gives-d-prime-zero',
  'dwell-without-discernment-earns-half',
  'refusing-right-advice-loses-resistance-credit',
  'synthetic-operators-match-the-table',
  'reliance-vectors-r1-and-r2-hold',
  'intervals-cover-in-simulation',
  'organisation-intervals-are-clustered-by-operator',
  'history-h80-scores-56.8-then-57.6-after-outcomes',
  'late-commit-or-outcome-changes-what-follows-not-what-was-received',
  'score-replay-is-byte-identical-across-model-versions',
  'checkpoints-outlive-pruned-bodies',
  'public-sdk-calls-work-against-this-server',
  'older-sdk-versions-parse-the-same-replies',
  'wire-examples-parse-in-the-unpatched-client',
  'webhooks-verify-in-the-unpatched-client',
  'stand by route with what became of them',
  'how quick reviewers are is told of five of them',
  'each opens one alert, of its own severity',
  'an erased operator is in no version of the policy',
  'an objection is told when it is raised',
  'late-migrations-make-the-same-schema',
] as const

/** What the oversight service promises of its alerts, imports, nightly work and reports. */
export const reportPromises = [
  'one alert is open for a kind and a subject',
  'an alert of one service reaches the channels of another',
  'is in force from the next midnight',
  'that differs, rebuilds it, and says so',
  'leaves scoring with the last one and raises an alert',
  'import-resumes-after-kill-without-loss-or-double',
  'import-memory-is-bounded',
  'import-statements-are-as-many-for-forty-operators-as-for-one',
  'import-line-in-a-session-of-scores-counts-once',
  'an import never raises an alert',
  'closed-report-is-immutable-and-names-nobody',
  'a-report-in-japanese-has-every-sign',
  'small-samples-appear-nowhere: a report',
  'practice-items-are-always-labelled',
  'aggregates-equal-a-full-recompute-under-any-interleaving',
] as const

/** What the edges of the oversight service's wire promise. */
export const administrationPromises = [
  'receipts-verify-offline-from-this-page-alone',
  'a score and its commit are told',
  'batch-is-all-or-nothing',
  'repeated-names-count-once-and-sessions-hold-many',
  'commit-answers-again-alike-and-refuses-another',
  'placeholders-and-deferrals-count-nowhere-until-committed',
  'withheld-constant-is-the-same-for-everybody',
  'lite-and-full-carry-the-same-score',
  'valid-key-refunds-the-address-limit-and-reaches-1000',
  'address-limited-and-wrong-key-are-the-same-401',
  'key-limit-is-keyed-on-the-body-not-the-literal',
  'master-keys-open-only-their-own-route',
  'a name that stands twice',
  'scores that come together share transactions',
] as const

/** What the volatility service promises of its figures. */
export const computationPromises = [
  'no-value-uses-a-later-bar',
  'no-wire-path-redirects-or-answers-empty',
  'wire-examples-parse-in-the-client',
  'the-unpatched-client-completes-every-call',
  'public-client-requests-get-the-fields-they-read',
  'streaming-equals-naive-over-five-million-bars',
  'empty-objects-count-as-no-body',
  'bot-columns-never-see-an-unfinished-bar',
  'applied-calibrations-are-replayed-and-told-to-nobody',
] as const

export const volatilityPromises = [
  'published-method-reproduces-the-known-answers',
  'live-restart-and-replay-agree-to-the-bit',
  'flat-markets-give-null-and-hold-the-state',
  'gaps-break-runs-and-never-make-returns',
  'low-and-high-never-touch',
  'the machine of calibration is that of every bar',
  'running-bars-never-count',
  "aggregated-bars-equal-the-venue's-own",
  'estimators-match-known-answers-and-a-reference-library',
  'labels-and-scores-match-known-answers',
  'training labels know nothing of what comes after the training',
  'a-named-method-beats-the-published-one-out-of-sample',
  'quality-panel-names-the-winner-even-when-we-lose',
  'calibration-is-identical-for-any-worker-count',
  'confidence-is-frozen-at-midnight-and-beats-its-base-rate',
  'ranges-cover-what-they-say',
  'matrix-durations-and-returns-match-known-answers',
  'small-samples-hide-their-quantiles',
  'outages-are-read-from-the-call-log',
  'parallel-rotations-give-one-key',
  'forged-paddle-events-change-nothing',
  'paddle-events-in-any-order-give-one-state',
  'billing-never-crosses-orgs',
  'no-signed-payment-event-is-lost',
  'missed-payment-events-are-fetched',
  'owners-are-told-which-subscriptions-a-plan-pauses',
  'export-equals-series-bit-for-bit-in-bounded-memory',
  'parquet-reads-back-in-another-library',
  'exports-are-compressed-where-the-client-accepts-it',
  'planted-lead-is-found-and-noise-is-not',
  'backtests-trade-at-the-next-open',
  'consensus-follows-the-table',
  'correlation-leaves-out-holes-and-flat-series',
  'every-connector-passes-one-suite',
  'no-bar-is-lost-or-doubled-under-any-fault',
  'bans-silence-us-for-as-long-as-told',
  'simulator-speaks-each-protocol',
  'derivative-feeds-need-no-key-and-move-no-regime',
  'volatility-keys-see-volatility-tools',
  'signatures-verify-with-standard-and-stripe-style-libraries',
  'webhook-secret-is-seen-once',
  'webhook-numbers-mean-nothing-to-another-org',
  'presets-and-subscriptions-stay-with-their-org',
  'allow-lists-hold-on-every-door-and-only-narrow',
  'stream-resumes-without-loss-or-duplicates',
  'slow-consumers-are-cut-never-skipped',
  'rotated-keys-die-on-every-node-and-socket-within-one-second',
  'stream-limits-hold-across-nodes',
  'owners-change-what-they-pay-on-the-pages-of-the-provider',
] as const

export type PromiseName =
  | (typeof accountPromises | typeof alertPromises)[number]
  | (typeof claimPromises)[number]
  | (typeof customerPromises)[number]
  | (typeof disclosurePromises)[number]
  | (typeof framePromises)[number]
  | (typeof overviewPromises | typeof monitorScreenPromises)[number]
  | (typeof livePromises | typeof languagePromises)[number]
  | (typeof pagePromises | typeof domainPromises)[number]
  | (typeof subscriberPromises | typeof calendarPromises)[number]
  | (typeof seriesPromises)[number]
  | (typeof administrationPromises)[number]
  | (typeof kernelPromises)[number]
  | (typeof platformPromises)[number]
  | (typeof signOnPromises)[number]
  | (typeof uptimePromises)[number]
  | (typeof httpPromises)[number]
  | (typeof operationsPromises)[number]
  | (typeof watchPromises | typeof screenPromises)[number]
  | (typeof exposurePromises)[number]
  | (typeof servicePromises)[number]
  | (typeof surfacePromises)[number]
  | (typeof monitorPromises)[number]
  | (typeof deliveryPromises)[number]
  | (typeof modelPromises)[number]
  | (typeof evidencePromises)[number]
  | (typeof reportPromises)[number]
  | (typeof posturePromises)[number]
  | (typeof computationPromises)[number]
  | (typeof volatilityPromises)[number]
  | (typeof decisionPromises)[number]
