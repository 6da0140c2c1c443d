/** The simulated public network of the demo: places a call into the product's trunk. */
export interface DemoCarrier {
  /** @throws DemoCarrierError with a reason a person can read. */
  call(request: { callerId: string; line: string | null }): Promise<void>;
}

export class DemoCarrierError extends Error {
  constructor(
    readonly reason: 'invalid_value' | 'unavailable',
    message: string,
  ) {
    super(message);
    this.name = 'DemoCarrierError';
  }
}
