import type { AuditVerdict } from '@gatehouse/sdk'
import { toSentence } from '../to-sentence.ts'
import { language } from '../language.ts'
import { auditWords as says } from '../words/audit-words.ts'
import { tellChainFault } from '../words/chain-fault-words.ts'

/** The number of broken entries listed; an export and the verifier list all. */
const faultsShown = 20

export function ChainVerdict({ verdict }: { readonly verdict: AuditVerdict }) {
  const { intact, entries, headHash, faults } = verdict
  return (
    <div class={`notice ${intact ? 'good' : 'warning'}`} role="status">
      <p>
        <strong>{toSentence(intact ? says.intact : says.broken)}</strong>
        {intact ? says.intactText(entries) : says.brokenText(entries, faults.length)}
      </p>
      {faults.length === 0 ? null : (
        <ul class="faults">
          {faults.slice(0, faultsShown).map(({ seq, because }) => (
            <li key={`${seq}:${because}`}>
              <strong>{says.entry(seq)}</strong>
              {language === 'ja' ? '：' : ': '}
              {tellChainFault(because)}
            </li>
          ))}
        </ul>
      )}
      <p class="muted small">
        {says.head}: <code>{headHash}</code>
      </p>
    </div>
  )
}
