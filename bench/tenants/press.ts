import { load, type LoadShape, type Target } from '../load.ts'

/** The busy neighbour: asks as it is told until it is killed, or its time is over. */
process.once('message', ({ target, shape }: { readonly target: Target; readonly shape: LoadShape }) => {
  const pressing = load(target, shape)
  process.send?.('pressing')
  void pressing.finally(() => process.disconnect())
})
