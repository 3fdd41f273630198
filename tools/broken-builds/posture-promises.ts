/** What the security page promises. */
export const posturePromises = [
  'every-claim-can-fail',
  'every verified claim has a mutant, and every mutant a claim',
  'every-claim-has-a-source-and-a-probe',
  'page-and-policy-agree',
  'evidence-signature-verifies-offline',
  'stale-evidence-is-unknown',
  'external-run-needs-only-http',
  'probes-leave-nothing-behind',
  'cyclonedx-export-validates',
  'page-has-no-script-and-passes-axe',
  'a claim that fails opens an incident, tells who wants to hear, and its recovery is noted',
  'a setting that weakens a control declares itself on the page',
  'a-risk-stands-as-its-worst-claim',
] as const
