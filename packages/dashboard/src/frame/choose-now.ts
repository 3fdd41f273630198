import type { PreferenceChange } from '@gatehouse/sdk'
import { showToast } from '../parts/toast.tsx'
import { choose } from '../session.ts'
import { frameWords as says } from '../words/frame-words.ts'

/** For where a press is the whole form. */
export function chooseNow(change: PreferenceChange): void {
  choose(change).catch(() => showToast(says.notKept))
}
