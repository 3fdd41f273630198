import { sign } from 'node:crypto'
import { type SigningKey, toCanonicalJson, toKeyList } from '@gatehouse/kernel/audit'
import { version } from '../service/version.ts'
import { owaspRisks } from './owasp.ts'
import type { ClaimView, PostureView } from './usecases/read-posture.ts'

const server = 'gatehouse'
const assessor = 'gatehouse-prober'
const owaspName = 'OWASP API Security Top 10'
const asvsName = 'OWASP Application Security Verification Standard'

/**
 * Exports the latest results as attestations of CycloneDX 1.6, signed as a whole with JSF. A requirement conforms as
 * far as the claims that name it hold now; a stated claim is a claim without evidence.
 */
export function exportCycloneDx(
  view: PostureView,
  origin: string,
  key: SigningKey,
): Readonly<Record<string, unknown>> {
  const { claims, circumstances, nowMs } = view
  return signBom(
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        timestamp: new Date(nowMs).toISOString(),
        component: {
          type: 'application',
          'bom-ref': server,
          name: 'gatehouse',
          version,
          hashes: [{ alg: 'SHA-256', content: circumstances.build }],
          externalReferences: [{ type: 'website', url: origin }],
        },
      },
      definitions: { standards: toStandards(claims) },
      declarations: {
        assessors: [{ 'bom-ref': assessor, thirdParty: false, organization: { name: new URL(origin).host } }],
        attestations: [
          {
            summary: 'What the probes of this deployment last found of each requirement',
            assessor,
            map: toMap(claims),
          },
        ],
        claims: claims.map(toClaim),
        evidence: claims.flatMap(toEvidence),
        targets: {
          components: [
            { type: 'application', 'bom-ref': `${server}-deployment`, name: new URL(origin).host },
          ],
        },
      },
    },
    key,
  )
}

const claimRef = (id: string): string => `claim:${id}`
const evidenceRef = (id: string): string => `evidence:${id}`
const requirementRef = (id: string): string => `requirement:${id}`

function listNamed(claims: readonly ClaimView[], of: 'owasp' | 'asvs'): readonly string[] {
  return [...new Set(claims.flatMap(({ claim }) => claim[of] ?? []))].toSorted((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
}

function toStandards(claims: readonly ClaimView[]) {
  const risks = Object.entries(owaspRisks).map(([id, title]) => ({
    'bom-ref': requirementRef(id),
    identifier: `${id}:2023`,
    title,
  }))
  const asvs = listNamed(claims, 'asvs').map((id) => ({ 'bom-ref': requirementRef(id), identifier: id }))
  return [
    { 'bom-ref': 'owasp-api-top-10-2023', name: owaspName, version: '2023', requirements: risks },
    { 'bom-ref': 'asvs-5.0.0', name: asvsName, version: '5.0.0', requirements: asvs },
  ]
}

function toMap(claims: readonly ClaimView[]) {
  const named = [...listNamed(claims, 'owasp'), ...listNamed(claims, 'asvs')]
  return named.map((requirement) => {
    const of = claims.filter(({ claim }) =>
      [...(claim.owasp ?? []), ...(claim.asvs ?? [])].includes(requirement),
    )
    const verified = of.filter(({ claim }) => claim.kind === 'verified')
    const holding = verified.filter(({ shown }) => shown === 'holds')
    const failing = verified.filter(({ shown }) => shown === 'fails')
    return {
      requirement: requirementRef(requirement),
      claims: of.filter(({ shown }) => shown !== 'fails').map(({ claim }) => claimRef(claim.id)),
      counterClaims: failing.map(({ claim }) => claimRef(claim.id)),
      conformance: {
        score: verified.length === 0 ? 0 : holding.length / verified.length,
        rationale: `${holding.length} of ${verified.length} verified claims hold`,
      },
    }
  })
}

function toClaim({ claim, sentence, shown, evidence: [newest] }: ClaimView) {
  const reasoning =
    claim.kind === 'verified'
      ? `${claim.method.en} It ${shown === 'unknown' ? 'is unknown' : shown}.`
      : `${claim.why.en} Stated by ${claim.statedBy}; review by ${claim.reviewBy}.`
  const proofs = newest === undefined ? [] : [evidenceRef(claim.id)]
  return {
    'bom-ref': claimRef(claim.id),
    target: `${server}-deployment`,
    predicate: sentence.en,
    reasoning,
    ...(shown === 'holds' ? { evidence: proofs } : {}),
    ...(shown === 'fails' ? { counterEvidence: proofs } : {}),
  }
}

function toEvidence({ claim, evidence: [newest] }: ClaimView) {
  if (claim.kind === 'stated' || newest === undefined) return []
  const expires = new Date(Date.parse(newest.ended) + 2 * claim.everyMinutes * 60_000).toISOString()
  return [
    {
      'bom-ref': evidenceRef(claim.id),
      propertyName: claim.control,
      description: `${claim.id}: ${newest.verdict}`,
      data: [
        {
          name: `${claim.id}.json`,
          classification: 'public',
          contents: {
            attachment: {
              contentType: 'application/json',
              encoding: 'base64',
              content: Buffer.from(toCanonicalJson(newest)).toString('base64'),
            },
          },
        },
      ],
      created: newest.ended,
      expires,
    },
  ]
}

/** Signs by the JSON Signature Format: over the canonical JSON of everything except the signature's own value. */
function signBom(
  bom: Readonly<Record<string, unknown>>,
  { id, privateKey, publicKey }: SigningKey,
): Readonly<Record<string, unknown>> {
  const [listed] = toKeyList(new Map([[id, publicKey]]))
  const signature = {
    algorithm: 'Ed25519',
    keyId: id,
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: listed?.public_key ?? '' },
  }
  const text = toCanonicalJson({ ...bom, signature })
  const value = sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url')
  return { ...bom, signature: { ...signature, value } }
}
