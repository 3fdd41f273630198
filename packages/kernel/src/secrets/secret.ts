import { inspect } from 'node:util'

const hidden = new WeakMap<Secret, string>()

/** A string that never prints: `toString`, JSON and `util.inspect` all give `***`. Only `reveal` shows it. */
export class Secret {
  constructor(value: string) {
    hidden.set(this, value)
  }

  reveal(): string {
    const value = hidden.get(this)
    if (value === undefined) throw new Error('This secret was not made by its constructor')
    return value
  }

  toString(): string {
    return '***'
  }

  toJSON(): string {
    return '***'
  }

  [inspect.custom](): string {
    return '***'
  }
}

/** A secret that can change while it is held: each `reveal` reads it again. */
export class LiveSecret extends Secret {
  readonly #read: () => string

  constructor(read: () => string) {
    super('')
    this.#read = read
  }

  override reveal(): string {
    return this.#read()
  }
}
