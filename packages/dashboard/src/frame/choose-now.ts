import type { PreferenceChange } from '@gatehouse/sdk'
import { showToast } from '../parts/toast.tsx'
import { choose } from '../session.ts'
import { frameWords as says } from '../words/frame-words.ts'

/** Saves a preference immediately, for controls without a form. */
export function chooseNow(change: PreferenceChange): void {
  choose(change).then(
    () => {
      // Another language needs a reload, which would end a session without a cookie.
      if (change.language !== undefined && !isSecureContext) showToast(says.languageLater)
    },
    () => showToast(says.notKept),
  )
}
