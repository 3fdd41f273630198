import { useEffect, useState } from 'preact/hooks'

/** A value once it has not changed for a while: so that not every key asks the server. */
export function useSettled<Value>(value: Value, quietMs = 300): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), quietMs)
    return () => clearTimeout(timer)
  }, [value, quietMs])
  return settled
}
