import type { Break } from './break.ts'

const posture = 'packages/server/src/posture'
const over = 'packages/server/test/posture.net.test.ts'

/** How the security page could come to say what is not so. */
export const postureBreaks: readonly Break[] = [
  {
    promise: 'every-claim-can-fail',
    broken: 'a probe that found a failure says that it holds',
    file: `${posture}/probes/refuse-over-limit.ts`,
    find: 'if (refused.length === 0)',
    replace: 'if (refused.length < 0)',
    test: 'packages/server/test/every-claim-can-fail.net.test.ts',
  },
  {
    promise: 'every verified claim has a mutant, and every mutant a claim',
    broken: 'the claims of one subject are left out of the table',
    file: `${posture}/claims/index.ts`,
    find: '...tenancyClaims',
    replace: '...[]',
    test: 'packages/server/test/every-claim-can-fail.net.test.ts',
  },
  {
    promise: 'every-claim-has-a-source-and-a-probe',
    broken: 'a claim answers nobody',
    file: `${posture}/define-claim.ts`,
    find: "return { kind: 'verified', ...claim }",
    replace: "return { kind: 'verified', ...claim, sources: [] }",
    test: 'packages/server/test/every-claim-has-a-source-and-a-probe.test.ts',
  },
  {
    promise: 'page-and-policy-agree',
    broken: 'what stands in a sentence is not escaped',
    file: 'packages/kernel/src/endpoint/html.ts',
    find: "if (typeof value === 'string') return escapeHtml(value)",
    replace: "if (typeof value === 'string') return value",
    test: over,
  },
  {
    promise: 'evidence-signature-verifies-offline',
    broken: 'the signature leaves out what the probe saw',
    file: `${posture}/verify-posture.mjs`,
    find: 'signature: _signature, ...signed })',
    replace: 'signature: _signature, figures: _figures, ...signed })',
    test: over,
  },
  {
    promise: 'stale-evidence-is-unknown',
    broken: 'evidence is good for ever',
    file: `${posture}/domain/judge-standing.ts`,
    find: 'if (nowMs - last.endedMs > staleMs)',
    replace: 'if (staleMs < 0)',
    test: `${posture}/domain/judge-standing.test.ts`,
  },
  {
    promise: 'external-run-needs-only-http',
    broken: 'a probe that could not look is counted as good',
    file: `${posture}/run.ts`,
    find: "return inside === null ? unknown('Only the deployment itself can tell')",
    replace: "return inside === null ? { verdict: 'holds', figures: {} }",
    test: 'packages/server/test/posture-from-the-command-line.net.test.ts',
  },
  {
    promise: 'probes-leave-nothing-behind',
    broken: 'the place of a throw-away org stays',
    file: 'packages/server/src/platform/usecases/probe-orgs.ts',
    find: '    await forgetOrg(deps, orgId)\n',
    replace: '',
    test: 'packages/server/test/probes-leave-nothing-behind.net.test.ts',
  },
  {
    promise: 'cyclonedx-export-validates',
    broken: 'conformance is given in percent',
    file: `${posture}/export-cyclonedx.ts`,
    find: 'holding.length / verified.length',
    replace: '(100 * holding.length) / verified.length',
    test: over,
  },
  {
    promise: 'page-has-no-script-and-passes-axe',
    broken: 'the page does not say which language it is in',
    file: `${posture}/pages/render-frame.ts`,
    find: '<html lang="${language}">',
    replace: '<html>',
    test: 'packages/server/test/security-page.browser.test.ts',
  },
  {
    promise: 'a claim that fails opens an incident, tells who wants to hear, and its recovery is noted',
    broken: 'whoever wants to hear of it is told again with every failure',
    file: `${posture}/usecases/probe-claims.ts`,
    find: 'if (isNew) await deps.tellFailed',
    replace: 'if (isNew || true) await deps.tellFailed',
    test: over,
  },
  {
    promise: 'a setting that weakens a control declares itself on the page',
    broken: 'what the operator says of it is left out',
    file: 'packages/server/src/posture-deviations.ts',
    find: 'declared: declared[deviation.setting]',
    replace: 'declared: undefined',
    test: over,
  },
]
