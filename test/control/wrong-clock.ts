/** To be preloaded (`node --import`): the clock of this process is wrong by WRONG_CLOCK_MS. */
const RealDate = Date
const wrongMs = Number(process.env.WRONG_CLOCK_MS)
const wrongNow = () => RealDate.now() + wrongMs

globalThis.Date = new Proxy(RealDate, {
  construct: (_, given, self) => Reflect.construct(RealDate, given.length > 0 ? given : [wrongNow()], self),
  apply: () => new RealDate(wrongNow()).toString(),
  get: (_, name, self) => (name === 'now' ? wrongNow : Reflect.get(RealDate, name, self)),
})
