import { useEffect } from 'preact/hooks'
import { DoorNotice } from '../door.tsx'
import { tellProven } from '../issuer-proof.ts'
import { signOnWords } from '../words/sign-on-words.ts'

/** Where the window ends up in which somebody proved themselves at their organisation's sign-in server. */
export function ProvenPage() {
  useEffect(tellProven, [])
  return <DoorNotice title={signOnWords.proven.title} text={signOnWords.proven.text} />
}
