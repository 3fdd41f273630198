/** What status pages promise at domains of their own. */
export const domainPromises = [
  'a-host-name-is-one-that-somebody-owns',
  'aliases-are-followed-in-bounds',
  'a-domain-needs-both-records',
  'a-domain-fails-after-seven-bad-days',
  'a-page-is-at-a-domain-once-both-records-are-found',
  'a-domain-belongs-to-one-page',
  'domains-come-with-a-plan',
  'a-lost-domain-is-given-up-after-seven-days',
  'a-page-is-read-at-its-own-domain',
  'nothing-else-is-served-at-a-custom-host',
  'a-certificate-is-for-active-domains-alone',
  'a-domain-is-for-owners',
  'a-domain-is-set-step-by-step',
  'links-to-a-page-name-its-domain',
  'a-removed-certificate-is-no-longer-offered',
  'a-certificate-that-cannot-be-used-leaves-the-former',
] as const
