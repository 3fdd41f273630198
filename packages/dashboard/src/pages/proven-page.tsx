import { useEffect } from 'preact/hooks'
import { DoorNotice } from '../door.tsx'
import { tellProven } from '../issuer-proof.ts'
import { signOnWords } from '../words/sign-on-words.ts'

/** The end of a renewed log-in at the identity provider, in a window of its own. */
export function ProvenPage() {
  useEffect(tellProven, [])
  return <DoorNotice title={signOnWords.proven.title} text={signOnWords.proven.text} />
}
