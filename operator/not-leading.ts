/** Another may lead: nothing may be written any more. Pure. */
export class NotLeading extends Error {
  override name = 'NotLeading'

  constructor() {
    super('not the leader any more')
  }
}
